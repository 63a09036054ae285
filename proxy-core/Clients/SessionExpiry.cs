using Microsoft.Extensions.Hosting;
using Tunnel.ProxyCore.Telemetry;

namespace Tunnel.ProxyCore.Clients;

/// <summary>Ends idle sessions from time to time, until the program stops.</summary>
internal sealed class SessionExpiry(SessionDirectory sessions, McpMetrics metrics, TimeProvider time) : BackgroundService
{
    /// <summary>How late an end may be told.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.WatchSessions(() => sessions.Count);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sessions.EndIdle();
        }
    }
}
