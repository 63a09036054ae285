using System.Diagnostics.Tracing;
using System.Globalization;

namespace Tunnel.Connector.Telemetry;

/// <summary>Tells people why a collector gets nothing; the exporter itself tells only an event source. The same trouble is told once.</summary>
internal sealed class ExportTroubles(Action<string> say) : EventListener
{
    private const string ExporterSource = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    private int _lastTold;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == ExporterSource)
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Interlocked, since traces and metrics are exported by threads of their own.
        if (eventData.Message is { } message && Interlocked.Exchange(ref _lastTold, eventData.EventId) != eventData.EventId)
        {
            var text = string.Format(CultureInfo.InvariantCulture, message, [.. eventData.Payload ?? []]);
            say($"OpenTelemetry: {text.Split('\n')[0].Trim()}");
        }
    }
}
