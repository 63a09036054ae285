using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Tunnel.Connector.Cli;

namespace Tunnel.Connector.Telemetry;

/// <summary>
/// Sends spans and metrics to a collector (OTLP), when the environment says where: OTEL_EXPORTER_OTLP_ENDPOINT and what else the
/// OpenTelemetry specification names. Without it nothing of OpenTelemetry is even loaded.
/// </summary>
internal sealed class OpenTelemetryExport : IAsyncDisposable
{
    /// <summary>How long stopping waits for a collector that does not answer.</summary>
    private static readonly TimeSpan s_flushLimit = TimeSpan.FromSeconds(2);

    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;
    private readonly ExportTroubles _troubles;

    private OpenTelemetryExport(TracerProvider? traces, MeterProvider? metrics, ExportTroubles troubles)
    {
        _traces = traces;
        _metrics = metrics;
        _troubles = troubles;
    }

    /// <param name="variable">The environment.</param>
    /// <param name="say">Gets lines for people.</param>
    /// <returns>Null where nobody asked for it.</returns>
    public static IAsyncDisposable? Start(Func<string, string?> variable, Action<string> say)
    {
        var (traces, metrics) = (IsWanted(variable, "TRACES"), IsWanted(variable, "METRICS"));
        return traces || metrics ? Build(traces, metrics, say) : null;
    }

    public async ValueTask DisposeAsync()
    {
        var limit = (int)s_flushLimit.TotalMilliseconds;
        await Task.WhenAll(Task.Run(() => _traces?.Shutdown(limit)), Task.Run(() => _metrics?.Shutdown(limit)));
        _traces?.Dispose();
        _metrics?.Dispose();
        _troubles.Dispose();
    }

    /// <param name="variable">The environment.</param>
    /// <param name="signal">TRACES or METRICS.</param>
    private static bool IsWanted(Func<string, string?> variable, string signal)
    {
        var isDisabled = string.Equals(variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);
        return !isDisabled
            && variable($"OTEL_{signal}_EXPORTER") switch
            {
                null or "" => !string.IsNullOrEmpty(variable("OTEL_EXPORTER_OTLP_ENDPOINT"))
                    || !string.IsNullOrEmpty(variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")),
                var exporter => exporter == "otlp",
            };
    }

    // Apart, so that what it needs is loaded only when it runs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OpenTelemetryExport Build(bool traces, bool metrics, Action<string> say)
    {
        var troubles = new ExportTroubles(say);
        // The environment comes last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
        var resource = ResourceBuilder
            .CreateEmpty()
            .AddService("mcpr", serviceVersion: ProductVersion.Current)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
        var tracing = traces
            ? Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(TelemetrySources.Activities)
                .AddOtlpExporter()
                .Build()
            : null;
        var metering = metrics
            ? Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(TelemetrySources.Meters).AddOtlpExporter().Build()
            : null;
        return new OpenTelemetryExport(tracing, metering, troubles);
    }
}
