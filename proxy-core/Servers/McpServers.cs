using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Bridge;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Telemetry;

namespace Tunnel.ProxyCore.Servers;

/// <summary>The MCP servers of the options, found by path.</summary>
internal sealed class McpServers : IDisposable
{
    private readonly Dictionary<string, McpServer> _named = new(StringComparer.Ordinal);
    private readonly McpServer? _unnamed;
    private readonly Func<McpServerOptions, UpstreamPool> _connect;

    // Filled while the application is built, read when it runs.
    private ImmutableArray<McpServer> _mapped = [];

    public McpServers(
        IOptionsMonitor<McpProxyOptions> options,
        StdioServers programs,
        McpMetrics metrics,
        TimeProvider time,
        ILogger<UpstreamPool> logger
    )
    {
        _connect = one => new UpstreamPool(
            [.. one.Urls.Select(url => new Upstream(url, new UpstreamClient(url, options, programs.Find(one))))],
            time,
            logger
        );
        foreach (var one in options.CurrentValue.Servers)
        {
            var server = new McpServer(one, _connect(one));
            if (server.Name is null)
            {
                _unnamed = server;
            }
            else
            {
                _named.Add(server.Name, server);
            }
        }

        metrics.WatchUpstreams(() =>
            Balanced.SelectMany(server =>
                server.Upstreams.All.Select(one => new UpstreamStatus(server.PublicEndpoint, one.Url, one.IsUp, one.UnderWay))
            )
        );
    }

    public IEnumerable<McpServer> All => [.. _named.Values, .. _mapped, .. _unnamed is null ? (McpServer[])[] : [_unnamed]];

    /// <summary>Those that have several addresses.</summary>
    public IEnumerable<McpServer> Balanced => All.Where(server => server.Upstreams.HasSeveral);

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

    /// <summary>Adds a server that has a path of the application's, and is not found by <see cref="Find"/>.</summary>
    public McpServer Map(McpServerOptions options, string path)
    {
        var server = new McpServer(options, _connect(options), path);
        ImmutableInterlocked.Update(ref _mapped, mapped => mapped.Add(server));
        return server;
    }

    public void Dispose()
    {
        foreach (var server in All)
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
