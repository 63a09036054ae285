using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>The relay does not open the tunnel, or ended it; <see cref="TunnelRefusal.Fatal"/> says whether trying again is pointless.</summary>
internal sealed class TunnelRefusedException(TunnelRefusal refusal) : Exception(refusal.Message)
{
    public TunnelRefusal Refusal { get; } = refusal;
}
