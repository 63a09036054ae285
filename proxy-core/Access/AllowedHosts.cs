using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Access;

/// <summary>
/// The names under which a local listener may be addressed: loopback, and what the user adds. Any web page can make a browser call a
/// local port, and can give its own name the address of this machine (DNS rebinding); what it cannot do is lie about Host and Origin.
/// </summary>
public sealed class AllowedHosts(ImmutableArray<string> names)
{
    private readonly ImmutableArray<string> _names = [.. names.Select(NameOf).OfType<string>()];

    /// <returns>The host as it is compared, without brackets and in lower case, or null when the text is no host.</returns>
    public static string? NameOf(string host)
    {
        var name = host is ['[', .., ']'] ? host[1..^1] : host;
        return Uri.CheckHostName(name) switch
        {
            UriHostNameType.Dns => name.ToLowerInvariant(),
            UriHostNameType.IPv4 or UriHostNameType.IPv6 when IPAddress.TryParse(name, out var address) => address.ToString(),
            _ => null,
        };
    }

    public bool Allows(HostString host) => Allows(host.Host);

    /// <param name="origin">The header: <c>http://localhost:6274</c>, or <c>null</c> for a page that hides its own.</param>
    public bool AllowsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && Allows(uri.Host);

    private bool Allows(string host) => NameOf(host) is { } name && (IsLoopback(name) || _names.Contains(name, StringComparer.Ordinal));

    // RFC 6761 section 6.3: names below localhost are loopback too.
    private static bool IsLoopback(string name) =>
        name == "localhost"
        || name.EndsWith(".localhost", StringComparison.Ordinal)
        || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
}
