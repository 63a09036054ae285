namespace Tunnel.Bench.Load;

/// <summary>Named numbers: times in milliseconds, rates per second, volumes in 10^6 bytes per second.</summary>
internal sealed class Measurement
{
    public Dictionary<string, double> Values { get; } = new(StringComparer.Ordinal);

    public Measurement Add(string name, double value)
    {
        Values[name] = value;
        return this;
    }

    /// <summary>The usual percentiles, as <c>p50</c> or with a prefix <c>delay_p50</c>.</summary>
    public Measurement Add(Histogram times, string prefix = "")
    {
        Values[prefix + "p50"] = times.Percentile(0.5);
        Values[prefix + "p90"] = times.Percentile(0.9);
        Values[prefix + "p99"] = times.Percentile(0.99);
        Values[prefix + "p999"] = times.Percentile(0.999);
        return this;
    }
}
