using Tunnel.Relay.Configuration;
using Tunnel.Relay.State.Redis;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Cluster;

/// <summary>Says that this relay is there, or about to go, and keeps up with the others.</summary>
internal sealed class NodeAttendance(
    RouteStore routes,
    RedisConnection redis,
    TunnelRegistry tunnels,
    NodeDirectory nodes,
    RelayOptions options
)
{
    private const string Channel = "mcpr:attendance";

    private readonly string _node = options.NodeAddress!.GetLeftPart(UriPartial.Authority);
    private bool _isAnnounced;
    private volatile bool _isLeaving;

    /// <summary>Counts for one lease, and is to be said again before that. The others hear of the first time at once.</summary>
    /// <exception cref="Exception"><see cref="RedisConnection.IsUnavailable"/> knows which.</exception>
    public async Task AttendAsync(CancellationToken cancellationToken)
    {
        if (_isAnnounced)
        {
            await SayAsync(cancellationToken);
            return;
        }

        await redis.SubscribeAsync(Channel, Hear, cancellationToken);
        await SayAsync(cancellationToken);
        await redis.PublishAsync(Channel, _node, cancellationToken);
        _isAnnounced = true;
    }

    /// <summary>From now on the others send no connector here. Where they cannot be told, this relay refuses it.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        _isLeaving = true;
        try
        {
            await SayAsync(cancellationToken);
            await redis.PublishAsync(Channel, _node, cancellationToken);
        }
        catch (Exception unavailable) when (RedisConnection.IsUnavailable(unavailable, cancellationToken))
        {
            // It was for the best only.
        }
    }

    private async Task SayAsync(CancellationToken cancellationToken)
    {
        var url = _isLeaving ? null : options.NodeUrl?.GetLeftPart(UriPartial.Authority);
        var all = await routes.AttendAsync(new NodeState(_node, url, tunnels.Open), cancellationToken);
        nodes.Meet(all.Where(node => node.Address != _node));
    }

    private void Hear(string node)
    {
        if (node != _node)
        {
            tunnels.Track(LookAsync());
        }
    }

    private async Task LookAsync()
    {
        try
        {
            await SayAsync(CancellationToken.None);
        }
        catch (Exception unavailable) when (RedisConnection.IsUnavailable(unavailable, CancellationToken.None))
        {
            // The next round sees it.
        }
    }
}
