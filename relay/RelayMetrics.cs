using System.Diagnostics.Metrics;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay;

/// <summary>What the relay counts.</summary>
internal sealed class RelayMetrics
{
    public const string MeterName = "Tunnel.Relay";

    private readonly UpDownCounter<long> _waiting;
    private readonly Counter<long> _held;

    public RelayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _waiting = meter.CreateUpDownCounter<long>(
            "mcpr.relay.hold.waiting",
            "{request}",
            "Requests that wait for a connector that is away for a moment"
        );
        _held = meter.CreateCounter<long>("mcpr.relay.hold.requests", "{request}", "Requests that had to wait, by how that ended");
    }

    public void HoldStarted() => _waiting.Add(1);

    public void HoldEnded(HoldOutcome outcome)
    {
        if (outcome != HoldOutcome.Refused)
        {
            _waiting.Add(-1);
        }

        _held.Add(1, new KeyValuePair<string, object?>("outcome", NameOf(outcome)));
    }

    private static string NameOf(HoldOutcome outcome) =>
        outcome switch
        {
            HoldOutcome.Released => "released",
            HoldOutcome.Expired => "expired",
            HoldOutcome.Refused => "refused",
            _ => "caller_left",
        };
}
