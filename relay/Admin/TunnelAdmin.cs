using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Stopping;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Admin;

/// <summary>What an operator sees of tunnels and relays, and does to them.</summary>
internal sealed class TunnelAdmin(
    TunnelRegistry tunnels,
    ITunnelEvictions evictions,
    IOtherNodes others,
    RelayDrain drain,
    StopRequest stop,
    RunningExchanges exchanges,
    RelayOptions options
)
{
    public TunnelList List() =>
        new(options.NodeName, [.. tunnels.Sessions.OrderBy(session => session.Name, StringComparer.Ordinal).Select(Describe)]);

    public NodeList ListNodes()
    {
        var url = drain.HasBegun ? null : options.NodeUrl?.GetLeftPart(UriPartial.Authority);
        var here = new NodeEntry(options.NodeName, url, tunnels.Open, IsThis: true);
        return new NodeList([
            here,
            .. others.ListOthers().Select(node => new NodeEntry(NameOf(node.Address), node.Url, node.Load, IsThis: false)),
        ]);
    }

    /// <summary>Ends all tunnels of a name here. Their connectors are told to stay away until somebody starts them again.</summary>
    public KickResult Kick(string name)
    {
        var sessions = tunnels.Find(name.ToLowerInvariant())?.Sessions ?? [];
        foreach (var session in sessions)
        {
            evictions.Evict(session, ErrorCatalog.TunnelKicked);
        }

        return new KickResult(name, sessions.Length);
    }

    /// <returns>A sentence for whoever looked for a tunnel here.</returns>
    public async Task<string> SayWhereAsync(string name, CancellationToken cancellationToken)
    {
        var found = await others.FindAsync(name.ToLowerInvariant(), cancellationToken);
        return found.State == RouteState.Open
            ? $"{name} is not open here but at {string.Join(", ", found.Nodes.Select(NameOf))}"
            : $"{name} is not open";
    }

    /// <param name="stays">Whether the relay goes on serving who does not leave, until it is told to stop.</param>
    public DrainState Drain(bool stays)
    {
        if (stays)
        {
            tunnels.Track(drain.BeginAsync(CancellationToken.None));
        }
        else
        {
            stop.Tell();
        }

        return new DrainState(!stays, tunnels.Open, exchanges.Count, (int)(options.DrainDelay + options.DrainLimit).TotalSeconds);
    }

    private static string NameOf(string address) => new Uri(address).Authority;

    private static TunnelEntry Describe(TunnelSession session) =>
        new(
            session.Name,
            session.Owner.OwnerId,
            session.Terms.OpenedAt,
            session.Terms.Address?.ToString(),
            session.InFlight,
            session.DataConnections,
            session.Generation
        );
}
