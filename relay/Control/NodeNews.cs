using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Tunnel.ProxyCore.Contract;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Control;

/// <summary>Tells the connectors that are here which other relays there are, when that changes.</summary>
internal sealed class NodeNews(NodeDirectory nodes, TunnelRegistry tunnels, IHubContext<ControlHub, IConnectorClient> hub) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        nodes.Changed = Tell;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Tell()
    {
        foreach (var session in tunnels.Sessions)
        {
            tunnels.Track(hub.Clients.Client(session.Terms.ControlConnectionId).NodesChanged(new NodesNotice(nodes.Name())));
        }
    }
}
