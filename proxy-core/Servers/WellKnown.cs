namespace Tunnel.ProxyCore.Servers;

/// <summary>
/// Well-known documents (RFC 8615) about one server of several. Clients put what the document is about behind its name (RFC 9728 section 3.1,
/// RFC 8414 section 3.1): <c>/.well-known/oauth-protected-resource/files/mcp</c>.
/// </summary>
internal static class WellKnown
{
    public const string Root = "/.well-known/";

    /// <summary>It is about the endpoint; the other documents are about the issuer, which for callers is where the server's paths begin.</summary>
    private const string ProtectedResource = Root + "oauth-protected-resource";

    /// <returns>What follows the document's name: <c>/files/mcp</c>, or nothing.</returns>
    public static string SubjectOf(string path)
    {
        var end = path.IndexOf('/', Root.Length);
        return end < 0 ? string.Empty : path[end..];
    }

    /// <summary>A document of the server, as callers have to ask for it.</summary>
    public static string With(McpServer server, string path)
    {
        var subject = SubjectOf(path);
        return path[..^subject.Length] + server.PublicPathOf(subject is "" && server.Endpoint == "/" ? "/" : subject);
    }

    /// <summary>The same document, as the server itself calls it.</summary>
    public static string Without(McpServer server, string path)
    {
        var subject = SubjectOf(path);
        var document = path[..^subject.Length];
        if (subject == server.PublicEndpoint && (server.Prefix != server.PublicEndpoint || document == ProtectedResource))
        {
            // A resource at the root has nothing behind the name.
            return document + (server.Endpoint == "/" ? string.Empty : server.Endpoint);
        }

        return subject.StartsWith(server.Prefix, StringComparison.Ordinal) ? document + subject[server.Prefix.Length..] : path;
    }
}
