using StackExchange.Redis;
using Tunnel.Relay.State.Redis;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Cluster;

/// <summary>The leases in Redis that say which relay has the tunnel of a name. Each operation is one script, routes.lua.</summary>
internal sealed class RouteStore(RedisConnection redis, TimeProvider time)
{
    /// <summary>How long a route counts after its relay last said so.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);

    private static readonly RedisScript s_script = new("routes.lua");

    /// <summary>Says that a node is there, for one more lease.</summary>
    /// <returns>All nodes that are there, this one among them.</returns>
    public async Task<IReadOnlyList<NodeState>> AttendAsync(NodeState node, CancellationToken cancellationToken)
    {
        var pairs = (string[])
            await RunAsync("attend", [node.Address, (long)LeaseTime.TotalMilliseconds, node.ToString()], cancellationToken);
        return [.. pairs.Chunk(2).Select(pair => NodeState.Parse(pair[0], pair[1]))];
    }

    /// <summary>Says that a node has these sessions open, for one more lease.</summary>
    public Task KeepAsync(string node, IReadOnlyCollection<TunnelSession> sessions, CancellationToken cancellationToken) =>
        RunAsync(
            "keep",
            [
                node,
                (long)LeaseTime.TotalMilliseconds,
                sessions.Count,
                .. sessions.SelectMany<TunnelSession, RedisValue>(session => [session.Name, session.Generation, session.Terms.Floor]),
            ],
            cancellationToken
        );

    /// <summary>Ends the route of a session that was the last of its name on this node.</summary>
    /// <param name="node">This node.</param>
    /// <param name="session">The session; the route of a newer one stays.</param>
    /// <param name="rememberedFor">How long others wait for the connector to come back; zero for not at all.</param>
    /// <param name="cancellationToken">Ends the wait for Redis.</param>
    public Task DropAsync(string node, TunnelSession session, TimeSpan rememberedFor, CancellationToken cancellationToken) =>
        RunAsync(
            "drop",
            [
                node,
                session.Name,
                session.Generation,
                rememberedFor > TimeSpan.Zero ? (long)rememberedFor.TotalMilliseconds : RedisValue.Null,
            ],
            cancellationToken
        );

    public async Task<RouteLookup> FindAsync(string name, CancellationToken cancellationToken)
    {
        var found = (string[])await RunAsync("find", [name], cancellationToken);
        return new RouteLookup(Enum.Parse<RouteState>(found[0]), [.. found.Skip(1)]);
    }

    private Task<RedisResult> RunAsync(string operation, IEnumerable<RedisValue> arguments, CancellationToken cancellationToken) =>
        redis.RunAsync(s_script, operation, time.GetUtcNow(), arguments, cancellationToken);
}
