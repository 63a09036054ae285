using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.ProxyCore.Servers;

/// <summary>The MCP servers of the options, found by path.</summary>
internal sealed class McpServers : IDisposable
{
    private readonly Dictionary<string, McpServer> _named = new(StringComparer.Ordinal);
    private readonly McpServer? _unnamed;

    public McpServers(IOptionsMonitor<McpProxyOptions> options)
    {
        foreach (var one in options.CurrentValue.Servers)
        {
            var server = new McpServer(one, url => new UpstreamClient(url, options));
            if (server.Name is null)
            {
                _unnamed = server;
            }
            else
            {
                _named.Add(server.Name, server);
            }
        }
    }

    /// <summary>The names there are, for people who used another one.</summary>
    public string Names => string.Join(", ", _named.Keys.Order(StringComparer.Ordinal));

    /// <summary>
    /// The server that a path belongs to: by its first segment, or by the first behind a well-known document. Everything else is for the
    /// server without a name.
    /// </summary>
    /// <param name="path">The caller's path, as written and without the query.</param>
    /// <returns>Null where no server has that path.</returns>
    public McpServer? Find(string path)
    {
        if (_named.Count == 0)
        {
            return _unnamed;
        }

        var subject = path.StartsWith(WellKnown.Root, StringComparison.Ordinal) ? WellKnown.SubjectOf(path) : path;
        return subject.Length > 1 && _named.TryGetValue(FirstSegment(subject), out var server) ? server : _unnamed;
    }

    public void Dispose()
    {
        _unnamed?.Dispose();
        foreach (var server in _named.Values)
        {
            server.Dispose();
        }
    }

    private static string FirstSegment(string path)
    {
        var end = path.IndexOf('/', 1);
        return end < 0 ? path[1..] : path[1..end];
    }
}
