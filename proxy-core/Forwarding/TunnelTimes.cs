namespace Tunnel.ProxyCore.Forwarding;

/// <summary>How long a request was on its way before it was here. A feature of exchanges that came through a tunnel, and of no others.</summary>
/// <param name="Edge">From its headers at the relay until it was sent into the tunnel.</param>
/// <param name="Held">The part of it in which no connector was there.</param>
/// <param name="Way">One way through the tunnel; an estimate, or null where there is none.</param>
public sealed record TunnelTimes(TimeSpan Edge, TimeSpan Held, TimeSpan? Way);
