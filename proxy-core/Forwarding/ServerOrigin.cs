using System.Net;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>Whether a URL is on a server, by scheme, host and port (RFC 6454 section 5).</summary>
internal static class ServerOrigin
{
    /// <summary>Servers write whichever name of this machine they were bound to or were told to listen on; those count as one.</summary>
    public static bool IsSame(Uri url, Uri server) =>
        url.Scheme == server.Scheme
        && url.Port == server.Port
        && (url.IdnHost.Equals(server.IdnHost, StringComparison.OrdinalIgnoreCase) || (IsThisMachine(url) && IsThisMachine(server)));

    private static bool IsThisMachine(Uri url) =>
        url.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (
            IPAddress.TryParse(url.IdnHost, out var address)
            && (
                address.Equals(IPAddress.Loopback)
                || address.Equals(IPAddress.IPv6Loopback)
                || address.Equals(IPAddress.Any)
                || address.Equals(IPAddress.IPv6Any)
            )
        );
}
