using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay;

/// <summary>What the relay counts.</summary>
internal sealed class RelayMetrics
{
    public const string MeterName = "Tunnel.Relay";

    // Servers behind a tunnel could send codes that they made up.
    private static readonly FrozenSet<string> s_codes = ErrorCatalog.All.Select(error => error.Code).ToFrozenSet(StringComparer.Ordinal);

    private readonly UpDownCounter<long> _waiting;
    private readonly Counter<long> _held;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _lostConnections;
    private readonly Counter<long> _refusedConnections;

    public RelayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _waiting = meter.CreateUpDownCounter<long>(
            "mcpr.relay.hold.waiting",
            "{request}",
            "Requests that wait for a connector that is away for a moment"
        );
        _held = meter.CreateCounter<long>("mcpr.relay.hold.requests", "{request}", "Requests that had to wait, by how that ended");
        _requests = meter.CreateCounter<long>("mcpr.relay.requests", "{request}", "Requests sent into tunnels, by how that ended");
        _errors = meter.CreateCounter<long>("mcpr.relay.errors", "{error}", "Errors of ours that visitors and connectors got, by code");
        _lostConnections = meter.CreateCounter<long>("mcpr.relay.data_connections.lost", "{connection}", "Data connections that ended");
        _refusedConnections = meter.CreateCounter<long>(
            "mcpr.relay.connections.refused",
            "{connection}",
            "Connections closed at once because there are too many, of their address or in all"
        );
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

    public void Forwarded(ForwardOutcome outcome) => _requests.Add(1, new KeyValuePair<string, object?>("outcome", NameOf(outcome)));

    /// <summary>Whether a text is a code of the catalog, which not everything in <c>mcpr-error</c> is.</summary>
    public static bool IsCode(string text) => s_codes.Contains(text);

    /// <param name="code">As in <c>mcpr-error</c>; others than those of the catalog are not counted.</param>
    public void Failed(string code)
    {
        if (IsCode(code))
        {
            _errors.Add(1, new KeyValuePair<string, object?>("code", code));
        }
    }

    public void ConnectionRefused() => _refusedConnections.Add(1);

    public void ConnectionLost() => _lostConnections.Add(1);

    private static string NameOf(ForwardOutcome outcome) =>
        outcome switch
        {
            ForwardOutcome.Completed => "completed",
            ForwardOutcome.CallerLeft => "caller_left",
            ForwardOutcome.CallerBroke => "caller_broke",
            ForwardOutcome.NotConnected => "not_connected",
            ForwardOutcome.TimedOut => "timed_out",
            ForwardOutcome.Broke => "broke",
            _ => "cut_short",
        };

    private static string NameOf(HoldOutcome outcome) =>
        outcome switch
        {
            HoldOutcome.Released => "released",
            HoldOutcome.Expired => "expired",
            HoldOutcome.Refused => "refused",
            _ => "caller_left",
        };
}
