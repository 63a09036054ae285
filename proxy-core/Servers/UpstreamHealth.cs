using System.Net;
using Microsoft.Extensions.Hosting;

namespace Tunnel.ProxyCore.Servers;

/// <summary>
/// Asks every address of servers that have several whether it is there. <c>OPTIONS</c> changes nothing and opens no session, and any answer
/// will do. Sessions are not moved by what is found here; only new work goes elsewhere.
/// </summary>
internal sealed class UpstreamHealth(McpServers servers, TimeProvider time) : BackgroundService
{
    /// <summary>How often each is asked.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    /// <summary>How long it may take to answer.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Task.WhenAll(
                    servers.Balanced.SelectMany(server =>
                        server.Upstreams.All.Select(upstream => CheckAsync(server.Upstreams, upstream, stoppingToken))
                    )
                );
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of all checks.
        }
    }

    private async Task CheckAsync(UpstreamPool pool, Upstream upstream, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        using var question = new HttpRequestMessage(HttpMethod.Options, upstream.Url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        try
        {
            using var answer = await upstream.Destination.Invoker.SendAsync(question, either.Token);
            pool.Mark(upstream, isUp: true);
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException or IOException)
        {
            if (!stopping.IsCancellationRequested)
            {
                pool.Mark(upstream, isUp: false);
            }
        }
    }
}
