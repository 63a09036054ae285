namespace Tunnel.Relay.Limits;

/// <summary>
/// What one visitor, one name or one connector may take of the relay, so that the others do not notice. Each relay counts for itself,
/// but for rates of requests, which relays with one Redis share (<see cref="SharedRate"/>). Zero means no limit. An address is an IPv4 address
/// or an IPv6 network of 64 bits, which is what one customer gets.
/// </summary>
internal sealed class LimitOptions
{
    /// <summary>Requests under way from one address; more get E1202. Default 2,048.</summary>
    public int RequestsPerAddress { get; set; } = 2048;

    /// <summary>Requests a second from one address, with a second's worth at once; more get E1201. Default 1,000.</summary>
    public int RequestRatePerAddress { get; set; } = 1000;

    /// <summary>Requests a second for one name, with a second's worth at once; more get E1203. Default 50,000.</summary>
    public int RequestRatePerTunnel { get; set; } = 50_000;

    /// <summary>Connections from one address on which no connector has logged in; more are closed. Default 4,096.</summary>
    public int ConnectionsPerAddress { get; set; } = 4096;

    /// <summary>Tunnels that one owner, or all from one address, may open in a minute; more get E7505. Default 300.</summary>
    public int TunnelsPerMinute { get; set; } = 300;
}
