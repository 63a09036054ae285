using System.Diagnostics.Metrics;

namespace Tunnel.Relay.Team.Alerts;

/// <summary>What is counted of alerts.</summary>
internal sealed class AlertMetrics
{
    private readonly Counter<long> _changes;
    private readonly Counter<long> _messages;

    public AlertMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(RelayMetrics.MeterName);
        _changes = meter.CreateCounter<long>(
            "mcpr.relay.alerts.changes",
            "{change}",
            "Alerts that began to fire or were well again, by state"
        );
        _messages = meter.CreateCounter<long>("mcpr.relay.alerts.messages", "{try}", "Messages about alerts, by how each try ended");
    }

    public void Changed(bool isFiring) => _changes.Add(1, new KeyValuePair<string, object?>("state", isFiring ? "firing" : "resolved"));

    public void Delivered() => Message("delivered");

    /// <summary>To be tried again.</summary>
    public void Failed() => Message("failed");

    public void GivenUp() => Message("given_up");

    /// <summary>Never tried, because too many were on their way.</summary>
    public void Dropped() => Message("dropped");

    private void Message(string outcome) => _messages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
