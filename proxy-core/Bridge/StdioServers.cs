using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Bridge;

/// <summary>All servers that are programs. They end with this.</summary>
internal sealed class StdioServers : IAsyncDisposable
{
    private readonly OrphanGuard _guard = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly Dictionary<McpServerOptions, StdioServer> _servers = [];

    public StdioServers(
        IOptionsMonitor<McpProxyOptions> options,
        BridgeMetrics metrics,
        ILogger<StdioServers> logger,
        TimeProvider time,
        IHostApplicationLifetime? lifetime = null
    )
    {
        foreach (var one in options.CurrentValue.Servers)
        {
            if (one.Stdio is { } stdio)
            {
                var name = one.Name ?? Path.GetFileName(stdio.Command[0]);
                _servers.Add(one, new StdioServer(name, stdio, _guard, metrics, logger, time));
            }
        }

        _stopping = lifetime?.ApplicationStopping.Register(EndListening) ?? default;
    }

    /// <summary>The program stops: whoever only listens would hold it up.</summary>
    private void EndListening()
    {
        foreach (var server in _servers.Values)
        {
            _ = server.EndListeningAsync();
        }
    }

    /// <returns>The server, or null where it is none of ours.</returns>
    public StdioServer? Find(McpServerOptions options) => _servers.GetValueOrDefault(options);

    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync();
        await Task.WhenAll(_servers.Values.Select(server => server.DisposeAsync().AsTask()));
        _guard.Dispose();
    }
}
