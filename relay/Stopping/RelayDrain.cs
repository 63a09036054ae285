using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Contract;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Control;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Stopping;

/// <summary>
/// The time between being told to stop and stopping. New requests are served to the end: with several relays a load balancer sends fewer
/// and fewer, and with one there is nobody else to serve them.
/// </summary>
internal sealed partial class RelayDrain(
    TunnelRegistry tunnels,
    RunningExchanges exchanges,
    IOtherNodes others,
    IHubContext<ControlHub, IConnectorClient> hub,
    IOptions<RelayOptions> options,
    TimeProvider time,
    ILogger<RelayDrain> logger
)
{
    private volatile bool _hasBegun;

    /// <summary>Whether the relay takes no more connectors, and wants no more visitors.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>Sends everybody elsewhere, and goes on serving who does not go.</summary>
    /// <param name="hurry">Ends the waiting for others.</param>
    /// <returns>Completes when those have left that were told where to go.</returns>
    public async Task<Task> BeginAsync(CancellationToken hurry)
    {
        // 1. Load balancers and connectors that come are sent elsewhere.
        _hasBegun = true;
        await WaitAsync(others.LeaveAsync(hurry), hurry);
        var limits = options.Value;
        Log.Begun(logger, tunnels.Sessions.Count(), exchanges.Count, limits.DrainLimit.TotalSeconds);

        // 2. Connectors that are here open their tunnel elsewhere, then leave.
        var secondsLeft = (int)(limits.DrainDelay + limits.DrainLimit).TotalSeconds;
        List<Task> leaving = [];
        foreach (var session in tunnels.Sessions)
        {
            var elsewhere = others.NameOthers();
            var notice = new DrainNotice(secondsLeft, elsewhere.Count > 0 ? elsewhere : null);
            tunnels.Track(hub.Clients.Client(session.Terms.ControlConnectionId).Drain(notice));
            if (elsewhere.Count > 0)
            {
                leaving.Add(session.Left);
            }
        }

        return Task.WhenAll(leaving);
    }

    /// <summary>Returns when the relay may stop.</summary>
    /// <param name="hurry">Ends the waiting.</param>
    public async Task RunAsync(CancellationToken hurry)
    {
        var left = await BeginAsync(hurry);
        var limits = options.Value;

        // 3. Load balancers look every few seconds.
        await WaitAsync(Task.Delay(limits.DrainDelay, time, hurry), hurry);

        // 4. Whoever knows where to go may go there, and what runs may end.
        var limit = Task.Delay(limits.DrainLimit, time, hurry);
        await WaitAsync(Task.WhenAny(left, limit), hurry);
        await WaitAsync(Task.WhenAny(exchanges.WhenIdleAsync(), limit), hurry);
        Log.Ended(logger, tunnels.Sessions.Count(), exchanges.Count);
    }

    private static async Task WaitAsync(Task task, CancellationToken hurry)
    {
        try
        {
            await task.WaitAsync(hurry);
        }
        catch (OperationCanceledException)
        {
            // Whoever waits has no more patience.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1201,
            LogLevel.Information,
            "draining tunnels={Tunnels} requests={Requests} limit={LimitSeconds}s",
            EventName = "DrainBegun"
        )]
        public static partial void Begun(ILogger logger, int tunnels, int requests, double limitSeconds);

        [LoggerMessage(1202, LogLevel.Information, "drained, dropping tunnels={Tunnels} requests={Requests}", EventName = "DrainEnded")]
        public static partial void Ended(ILogger logger, int tunnels, int requests);
    }
}
