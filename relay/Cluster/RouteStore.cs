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

    /// <summary>Says that a node is there and has these sessions open, for one more lease.</summary>
    /// <returns>The addresses of all nodes that are there.</returns>
    public async Task<string[]> KeepAsync(string node, IReadOnlyCollection<TunnelSession> sessions, CancellationToken cancellationToken) =>
        (string[])
            await RunAsync(
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
