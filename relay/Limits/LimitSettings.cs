using System.Collections.Immutable;
using Tunnel.ProxyCore.Configuration;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Limits;

/// <summary>The settings of <see cref="LimitOptions"/>.</summary>
internal static class LimitSettings
{
    public static readonly ImmutableArray<RelaySetting> All =
    [
        Limit(
            "--max-requests-per-address",
            "requests under way from one address, at most",
            "2048",
            (limits, value) => limits.RequestsPerAddress = value
        ),
        Limit(
            "--request-rate-per-address",
            "requests a second from one address",
            "1000",
            (limits, value) => limits.RequestRatePerAddress = value
        ),
        Limit(
            "--request-rate-per-tunnel",
            "requests a second for one name",
            "50000",
            (limits, value) => limits.RequestRatePerTunnel = value
        ),
        Limit(
            "--max-connections-per-address",
            "connections from one address without a connector's login",
            "4096",
            (limits, value) => limits.ConnectionsPerAddress = value
        ),
        Limit(
            "--tunnels-per-minute",
            "tunnels that one owner, or one address, may open in a minute",
            "300",
            (limits, value) => limits.TunnelsPerMinute = value
        ),
    ];

    private static RelaySetting Limit(string flag, string description, string byDefault, Action<LimitOptions, int> set) =>
        RelaySetting.Of(
            flag,
            CommonKinds.Number,
            description + "; 0 for no limit",
            byDefault,
            (options, value) => set(options.Limits, value)
        );
}
