using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.Relay.Team.Alerts.Webhooks;

/// <summary>
/// Tells addresses of the internet from those of this machine and the networks around it, which who makes a rule may not be able to reach.
/// From the IANA registries of special-purpose addresses (RFC 6890) as of 2025.
/// </summary>
internal static class PublicAddress
{
    private static readonly ImmutableArray<IPNetwork> s_closed4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("168.63.129.16/32"), // what a machine in Azure asks about itself
        IPNetwork.Parse("169.254.0.0/16"), // and in most other clouds
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/3"),
    ];

    /// <summary>All that is given out of IPv6; loopback, link-local, ULA, multicast and mapped addresses are outside.</summary>
    private static readonly IPNetwork s_open6 = IPNetwork.Parse("2000::/3");

    /// <summary>Of that: Teredo and other protocols, examples, and 6to4, which has an IPv4 address inside.</summary>
    private static readonly ImmutableArray<IPNetwork> s_closed6 =
    [
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("3fff::/20"),
    ];

    /// <summary>NAT64 (RFC 6052): the last four bytes are the IPv4 address that is meant.</summary>
    private static readonly IPNetwork s_nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool Is(IPAddress address)
    {
        var meant = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (meant.AddressFamily == AddressFamily.InterNetwork)
        {
            return !s_closed4.Any(network => network.Contains(meant));
        }

        // A zone is only of use for what is near.
        var plain = meant.ScopeId == 0 ? meant : new IPAddress(meant.GetAddressBytes());
        return s_nat64.Contains(plain)
            ? Is(InsideOf(plain))
            : s_open6.Contains(plain) && !s_closed6.Any(network => network.Contains(plain));
    }

    private static IPAddress InsideOf(IPAddress nat64) => new(nat64.GetAddressBytes().AsSpan(12));
}
