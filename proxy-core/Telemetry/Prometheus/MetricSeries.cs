namespace Tunnel.ProxyCore.Telemetry.Prometheus;

/// <summary>The values of one instrument with one set of labels.</summary>
/// <param name="labels">The labels as they are written: <c>mcp_method_name="tools/call",error_type="tool_error"</c>.</param>
/// <param name="bounds">The upper bounds of a histogram, without the last one, which is infinite; empty for others.</param>
internal sealed class MetricSeries(string labels, IReadOnlyList<double> bounds)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = new long[bounds.Count + 1];
    private double _value;
    private long _count;

    public string Labels { get; } = labels;

    public void Add(double change)
    {
        lock (_lock)
        {
            _value += change;
        }
    }

    public void Set(double value)
    {
        lock (_lock)
        {
            _value = value;
        }
    }

    public void Observe(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Count && value > bounds[bucket])
        {
            bucket++;
        }

        lock (_lock)
        {
            _buckets[bucket]++;
            _count++;
            _value += value;
        }
    }

    /// <summary>The value, or the sum of a histogram, with its count and a copy of its buckets; all of the same moment.</summary>
    public (double Value, long Count, long[] Buckets) Read()
    {
        lock (_lock)
        {
            return (_value, _count, [.. _buckets]);
        }
    }
}
