using System.Collections.Immutable;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Limits;

/// <summary>The settings of <see cref="LimitOptions"/>.</summary>
internal static class LimitSettings
{
    public static readonly ImmutableArray<RelaySetting> All =
    [
        Limit(
            "--max-requests-per-address",
            "Requests under way from one address, at most [2048]",
            (limits, value) => limits.RequestsPerAddress = value
        ),
        Limit(
            "--request-rate-per-address",
            "Requests a second from one address [1000]",
            (limits, value) => limits.RequestRatePerAddress = value
        ),
        Limit(
            "--request-rate-per-tunnel",
            "Requests a second for one name [50000]",
            (limits, value) => limits.RequestRatePerTunnel = value
        ),
        Limit(
            "--max-connections-per-address",
            "Connections from one address without a connector's login [4096]",
            (limits, value) => limits.ConnectionsPerAddress = value
        ),
        Limit(
            "--tunnels-per-minute",
            "Tunnels that one owner, or one address, may open in a minute [300]",
            (limits, value) => limits.TunnelsPerMinute = value
        ),
    ];

    private static RelaySetting Limit(string flag, string description, Action<LimitOptions, int> set)
    {
        var number = RelaySetting.Number(flag, description + "; 0 for no limit", (options, value) => set(options.Limits, value));
        return number with
        {
            Apply = (options, text) =>
                number.Apply(options, text) ?? (text.TrimStart().StartsWith('-') ? $"{flag} {text} is negative; 0 is for no limit" : null),
        };
    }
}
