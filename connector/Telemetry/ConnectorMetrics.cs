using System.Diagnostics.Metrics;
using Tunnel.Connector.Hosting;

namespace Tunnel.Connector.Telemetry;

/// <summary>The meter of the connector: what only it knows. Values are asked for, so that nobody pays while nobody listens.</summary>
internal sealed class ConnectorMetrics : IDisposable
{
    public const string MeterName = "Tunnel.Connector";

    private readonly Meter _meter;

    public ConnectorMetrics(IMeterFactory meters, Watchers watchers)
    {
        _meter = meters.Create(MeterName);
        Count("mcpr.terminal.lines.dropped", "{line}", "Lines that the terminal was too slow for.", () => watchers.Terminal.Dropped);
        if (watchers.Events is { } events)
        {
            Count("mcpr.events.dropped", "{event}", "Events that their reader was too slow for.", () => events.Dropped);
        }

        if (watchers.History is { } history)
        {
            Count("mcpr.history.dropped", "{event}", "Events that were not written to the history.", () => history.Dropped);
        }

        if (watchers.Cloud is { } cloud)
        {
            Count("mcpr.cloud.sent", "{event}", "Events that the team's relay has taken.", () => cloud.Sent);
            Count("mcpr.cloud.dropped", "{event}", "Events that were not sent to the team's relay and will not be.", () => cloud.Dropped);
            Count("mcpr.cloud.retries", "{retry}", "How often events had to wait for another try.", () => cloud.Retries);
            _meter.CreateObservableGauge("mcpr.cloud.waiting", () => cloud.WaitingBytes, "By", "Events that wait to be sent, coded.");
        }

        if (watchers.Tunnel is { } tunnel)
        {
            _meter.CreateObservableGauge("mcpr.tunnel.up", () => tunnel.IsUp ? 1 : 0, unit: null, "Whether the tunnel carries requests.");
            Count("mcpr.tunnel.losses", "{loss}", "How often the tunnel was lost.", () => tunnel.Losses);
        }
    }

    public void Dispose() => _meter.Dispose();

    private void Count(string name, string unit, string description, Func<long> value) =>
        _meter.CreateObservableCounter(name, value, unit, description);
}
