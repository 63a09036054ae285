using Tunnel.ProxyCore.Errors;

namespace Tunnel.Relay.Tunnels;

/// <summary>Ends tunnels for good, and tells their connectors why.</summary>
internal interface ITunnelEvictions
{
    void Evict(TunnelSession session, ProxyError reason);
}
