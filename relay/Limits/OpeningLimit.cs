using System.Net;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Limits;

/// <summary>How often tunnels may be opened: every time costs a look into the store, and connectors are told.</summary>
internal sealed class OpeningLimit(RelayOptions options, TimeProvider time)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly RateLimit _owners = new(options.Limits.TunnelsPerMinute, s_minute, time);
    private readonly RateLimit _addresses = new(options.Limits.TunnelsPerMinute, s_minute, time);

    public bool TryOpen(string ownerId, IPAddress? address) =>
        // Whoever has no token can be as many owners as it likes.
        (AddressKey.Of(address) is not { } key || _addresses.TryTake(key))
        && _owners.TryTake(ownerId.GetHashCode(StringComparison.Ordinal));
}
