using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>What a tunnel client needs to know.</summary>
/// <param name="Relay">The relay's origin.</param>
/// <param name="Credential">The bearer credential for it. Never logged.</param>
/// <param name="Trust">Whose certificate the relay has to have.</param>
/// <param name="Request">What to open.</param>
internal sealed record TunnelSettings(Uri Relay, string Credential, RelayTrust Trust, OpenTunnelRequest Request)
{
    public override string ToString() => $"tunnel at {Relay}";
}
