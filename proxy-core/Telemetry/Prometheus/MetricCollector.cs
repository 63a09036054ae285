using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Tunnel.ProxyCore.Telemetry.Prometheus;

/// <summary>Adds up what the instruments of some meters record, from its creation on, for <see cref="WriteTo"/>.</summary>
public sealed class MetricCollector : IDisposable
{
    // What OpenTelemetry takes where an instrument does not advise otherwise.
    private static readonly double[] s_defaultBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MetricFamily> _observed = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _reading = new();

    /// <param name="meters">The names of the meters.</param>
    public MetricCollector(params IEnumerable<string> meters)
    {
        var wanted = meters.ToHashSet(StringComparer.Ordinal);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (wanted.Contains(instrument.Meter.Name) && FamilyOf(instrument) is { } family)
            {
                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<byte>((instrument, value, tags, family) => Record(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<short>((instrument, value, tags, family) => Record(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, family) => Record(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, family) => Record(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, family) => Record(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, family) => Record(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<decimal>(
            (instrument, value, tags, family) => Record(instrument, (double)value, tags, family)
        );
        _listener.Start();
    }

    /// <summary>Writes everything as Prometheus text, with instruments that are asked for their value asked now.</summary>
    public void WriteTo(TextWriter output)
    {
        // One reader at a time: observed values are gathered anew by each.
        lock (_reading)
        {
            foreach (var family in _observed.Values)
            {
                family.Forget();
            }

            _listener.RecordObservableInstruments();
            foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
            {
                PrometheusText.Write(output, family);
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? family) =>
        (family as MetricFamily)?.Record(value, tags, instrument.IsObservable);

    /// <returns>Null where the name is taken by an instrument of another kind.</returns>
    private MetricFamily? FamilyOf(Instrument instrument)
    {
        if (KindOf(instrument) is not { } kind)
        {
            return null;
        }

        var name = MetricNames.Family(instrument.Name, instrument.Unit, kind);
        var bounds = kind == MetricKind.Histogram ? BoundsOf(instrument) : [];
        var unit = MetricNames.UnitWord(instrument.Unit, kind);
        var family = _families.GetOrAdd(name, _ => new MetricFamily(name, instrument.Description, unit, kind, bounds));
        if (family.Kind != kind)
        {
            return null;
        }

        if (instrument.IsObservable)
        {
            _observed.TryAdd(name, family);
        }

        return family;
    }

    private static MetricKind? KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        return type.IsGenericType ? KindOf(type.GetGenericTypeDefinition()) : null;
    }

    private static MetricKind? KindOf(Type type) =>
        type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
        : type == typeof(UpDownCounter<>) || type == typeof(ObservableUpDownCounter<>) ? MetricKind.UpDown
        : type == typeof(Gauge<>) || type == typeof(ObservableGauge<>) ? MetricKind.Gauge
        : type == typeof(Histogram<>) ? MetricKind.Histogram
        : null;

    private static IReadOnlyList<double> BoundsOf(Instrument instrument) =>
        instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => bounds,
            Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
            Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
            _ => s_defaultBounds,
        };
}
