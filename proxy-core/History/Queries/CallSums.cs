using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.History.Queries;

/// <summary>Adds up sums of series: figures of a range, a tool, a client or a step.</summary>
public sealed class CallSums
{
    private readonly LatencyHistogram _histogram = new();

    /// <summary>All exchanges.</summary>
    public long Requests { get; private set; }

    /// <summary>Calls of tools; what follows is about them, but for the bytes.</summary>
    public long Calls { get; private set; }

    public long Errors { get; private set; }

    public long ToolErrors { get; private set; }

    public TimeSpan Longest { get; private set; }

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    /// <summary>The part of calls that failed one way or the other; null without calls.</summary>
    public double? ErrorRate => Calls == 0 ? null : (Errors + ToolErrors) / (double)Calls;

    public TimeSpan? P50 => Quantile(0.5);

    public TimeSpan? P95 => Quantile(0.95);

    public TimeSpan? P99 => Quantile(0.99);

    public void Add(in Rollup rollup)
    {
        Requests += rollup.Count;
        BytesIn += rollup.BytesIn;
        BytesOut += rollup.BytesOut;
        if (rollup.Series.Type != EventTypes.ToolCall)
        {
            return;
        }

        Calls += rollup.Count;
        Errors += rollup.Errors;
        ToolErrors += rollup.ToolErrors;
        Longest = rollup.Longest > Longest ? rollup.Longest : Longest;
        _histogram.Merge(rollup.Histogram);
    }

    public void Add(CallSums other)
    {
        Requests += other.Requests;
        Calls += other.Calls;
        Errors += other.Errors;
        ToolErrors += other.ToolErrors;
        Longest = other.Longest > Longest ? other.Longest : Longest;
        BytesIn += other.BytesIn;
        BytesOut += other.BytesOut;
        _histogram.Merge(other._histogram);
    }

    // The middle of a bucket can be beyond all that is in it.
    private TimeSpan? Quantile(double part) =>
        _histogram.Quantile(part) is { } microseconds ? TimeSpan.FromMicroseconds(Math.Min(microseconds, Longest.TotalMicroseconds)) : null;
}
