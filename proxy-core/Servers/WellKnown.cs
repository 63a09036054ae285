namespace Tunnel.ProxyCore.Servers;

/// <summary>
/// Well-known documents (RFC 8615) about one server of several. Clients put what the document is about behind its name (RFC 9728 section 3.1,
/// RFC 8414 section 3.1): <c>/.well-known/oauth-protected-resource/files/mcp</c>.
/// </summary>
internal static class WellKnown
{
    public const string Root = "/.well-known/";

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
        // A resource at the root has nothing behind the name.
        return subject == server.PublicEndpoint ? document + (server.Endpoint == "/" ? string.Empty : server.Endpoint)
            : subject.StartsWith(server.Prefix, StringComparison.Ordinal) ? document + subject[server.Prefix.Length..]
            : path;
    }
}
