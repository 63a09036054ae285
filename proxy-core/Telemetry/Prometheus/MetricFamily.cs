using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Tunnel.ProxyCore.Telemetry.Prometheus;

/// <summary>One instrument, or several of the same name in one process, and their series.</summary>
internal sealed class MetricFamily(string name, string? help, string? unit, MetricKind kind, IReadOnlyList<double> bounds)
{
    /// <summary>
    /// Series of one family, as in OpenTelemetry. Callers name tools, so they could make up any number; what is too much is counted in a
    /// series of its own, <c>otel_metric_overflow="true"</c>.
    /// </summary>
    public const int MaxSeries = 2000;

    private const string OverflowLabels = "otel_metric_overflow=\"true\"";

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);

    // Every request records a dozen values with tags that were there before: they are found without writing labels. Bounded like the series.
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> _known = new(TagsComparer.Instance);

    public string Name { get; } = name;

    public string? Help { get; } = help;

    public string? Unit { get; } = unit;

    public MetricKind Kind { get; } = kind;

    /// <summary>Upper bounds of the buckets of a histogram.</summary>
    public IReadOnlyList<double> Bounds { get; } = bounds;

    public IEnumerable<MetricSeries> Series => _series.Values.OrderBy(series => series.Labels, StringComparer.Ordinal);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, bool isObserved)
    {
        var series = SeriesOf(tags);
        if (Kind == MetricKind.Histogram)
        {
            series.Observe(value);
        }
        else if (isObserved || Kind == MetricKind.Gauge)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    /// <summary>Before instruments are asked again: what they no longer tell is gone.</summary>
    public void Forget()
    {
        _series.Clear();
        _known.Clear();
    }

    private MetricSeries SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var known = _known.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        if (known.TryGetValue(tags, out var series))
        {
            return series;
        }

        series = SeriesOf(LabelsOf(tags));
        if (_known.Count < MaxSeries)
        {
            known.TryAdd(tags, series);
        }

        return series;
    }

    private MetricSeries SeriesOf(string labels)
    {
        if (_series.TryGetValue(labels, out var series))
        {
            return series;
        }

        // Threads that come here at the same time may pass the limit by a few.
        var key = _series.Count < MaxSeries ? labels : OverflowLabels;
        return _series.GetOrAdd(key, static (key, bounds) => new MetricSeries(key, bounds), Bounds);
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return string.Empty;
        }

        // The same labels in another order are the same series.
        var sorted = tags.ToArray();
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        var labels = new StringBuilder(128);
        foreach (var (key, value) in sorted)
        {
            if (value is not null)
            {
                labels.Append(labels.Length == 0 ? string.Empty : ",").Append(MetricNames.Sanitize(key)).Append("=\"");
                Escape(labels, TextOf(value)).Append('"');
            }
        }

        return labels.ToString();
    }

    private static string TextOf(object value) =>
        value switch
        {
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
        };

    private static StringBuilder Escape(StringBuilder target, string text)
    {
        foreach (var character in text)
        {
            _ = character switch
            {
                '\\' => target.Append(@"\\"),
                '"' => target.Append("\\\""),
                '\n' => target.Append(@"\n"),
                _ => target.Append(character),
            };
        }

        return target;
    }
}
