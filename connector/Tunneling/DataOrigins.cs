using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>Where a relay may send its connectors: to origins of relays, and never from TLS to none.</summary>
internal static class DataOrigins
{
    /// <summary>Where to dial data connections, in turn.</summary>
    public static IReadOnlyList<Uri> Of(OpenedTunnel tunnel, Uri relay) =>
        Sound(tunnel.DataOrigins, relay) is { Count: > 0 } origins ? origins : [relay];

    /// <summary>Where to open the tunnel anew: at the relays that the notice names, else where it was opened.</summary>
    public static IReadOnlyList<Uri> Of(DrainNotice notice, Uri relay) => [.. Sound(notice.Elsewhere, relay), relay];

    private static List<Uri> Sound(IReadOnlyList<string>? origins, Uri relay) =>
        [
            .. (origins ?? [])
                .Select(origin => Uri.TryCreate(origin, UriKind.Absolute, out var uri) ? uri : null)
                .OfType<Uri>()
                .Where(uri =>
                    uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" } && (uri.Scheme == "https" || uri.Scheme == relay.Scheme)
                ),
        ];
}
