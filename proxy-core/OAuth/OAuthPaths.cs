using System.Collections.Concurrent;

namespace Tunnel.ProxyCore.OAuth;

/// <summary>
/// The paths of OAuth, as callers see them: those that the standards fix, and those that a server itself announced in its metadata
/// documents, challenges and redirects.
/// </summary>
internal sealed class OAuthPaths
{
    /// <summary>More than any server has; what comes after it is not remembered.</summary>
    private const int MaxPaths = 256;

    private const string WellKnown = "/.well-known/";

    // RFC 9728 section 3, RFC 8414 section 3, OpenID Connect Discovery section 4.
    private static readonly string[] s_documents = ["oauth-protected-resource", "oauth-authorization-server", "openid-configuration"];

    // What clients try where there is no metadata (MCP revision 2025-03-26, "Fallbacks for Servers without Metadata Discovery").
    private static readonly string[] s_defaults = ["/authorize", "/token", "/register"];

    private readonly ConcurrentDictionary<string, bool> _endpoints = new(
        s_defaults.Select(path => KeyValuePair.Create(path, true)),
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, bool> _documents = new(StringComparer.Ordinal);

    /// <summary>Whether a path is that of a metadata document: <c>/.well-known/oauth-protected-resource/mcp</c>, also below another path.</summary>
    public bool IsDocument(string path) => _documents.ContainsKey(path) || IsWellKnown(path);

    /// <summary>Whether a path is one that people or clients are sent to in order to get a token.</summary>
    public bool IsEndpoint(string path) => _endpoints.ContainsKey(path);

    public void AddEndpoint(string path) => Add(_endpoints, path);

    public void AddDocument(string path) => Add(_documents, path);

    private static void Add(ConcurrentDictionary<string, bool> paths, string path)
    {
        if (path.Length > 1 && paths.Count < MaxPaths)
        {
            paths.TryAdd(path, true);
        }
    }

    private static bool IsWellKnown(string path)
    {
        var start = path.IndexOf(WellKnown, StringComparison.Ordinal);
        if (start < 0)
        {
            return false;
        }

        var name = path.AsSpan(start + WellKnown.Length);
        var end = name.IndexOf('/');
        name = end < 0 ? name : name[..end];
        foreach (var document in s_documents)
        {
            if (name.SequenceEqual(document))
            {
                return true;
            }
        }

        return false;
    }
}
