using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>Where a relay may send its connectors: to origins of relays, and never from TLS to none.</summary>
internal static class DataOrigins
{
    /// <summary>More than a connector has a use for.</summary>
    private const int MaxOrigins = 16;

    /// <summary>Where to dial data connections, in turn.</summary>
    public static IReadOnlyList<Uri> Of(OpenedTunnel tunnel, Uri relay) =>
        Sound(tunnel.DataOrigins, relay) is { Count: > 0 } origins ? origins : [relay];

    /// <summary>Where the tunnel may be opened beside or instead of this relay.</summary>
    public static IReadOnlyList<Uri> Elsewhere(IReadOnlyList<string>? origins, Uri relay) => Sound(origins, relay);

    private static List<Uri> Sound(IReadOnlyList<string>? origins, Uri relay) =>
        [
            .. (origins ?? [])
                .Take(MaxOrigins)
                .Select(origin => Uri.TryCreate(origin, UriKind.Absolute, out var uri) ? uri : null)
                .OfType<Uri>()
                .Where(uri =>
                    uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" } && (uri.Scheme == "https" || uri.Scheme == relay.Scheme)
                ),
        ];
}
