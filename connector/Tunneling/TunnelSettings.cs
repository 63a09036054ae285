using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>What a tunnel client needs to know.</summary>
/// <param name="Relays">The origins that the relay is reached at, to be tried in turn.</param>
/// <param name="Credential">The bearer credential for it. Never logged.</param>
/// <param name="Trust">Whose certificate the relay has to have.</param>
/// <param name="Request">What to open.</param>
internal sealed record TunnelSettings(IReadOnlyList<Uri> Relays, string Credential, RelayTrust Trust, OpenTunnelRequest Request)
{
    public override string ToString() => $"tunnel at {string.Join(", ", Relays)}";
}
