using Microsoft.AspNetCore.SignalR;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Control;

/// <summary>Tells connectors over their control connections.</summary>
internal sealed class TunnelEvictions(TunnelRegistry tunnels, IHubContext<ControlHub, IConnectorClient> hub) : ITunnelEvictions
{
    public void Evict(TunnelSession session, ProxyError reason)
    {
        // Whoever may not be here any longer gets no time to finish; one that was replaced by its own owner does.
        tunnels.Close(session, reason, finishes: reason == ErrorCatalog.TunnelTakenOver);
        tunnels.Track(hub.Clients.Client(session.Terms.ControlConnectionId).Evicted(Refusals.Of(reason, isFatal: true, session.Name)));
    }
}
