using System.Diagnostics;

namespace Tunnel.Bench.Names;

/// <summary>Does something very often, with many of it under way at once, as relays do, and says how fast that went.</summary>
internal static class Pace
{
    /// <summary>What waits for Redis at once: relays answer many visitors and connectors at a time.</summary>
    private const int AtOnce = 128;

    /// <returns>How long it took in all, and the median and 99th percentile of each.</returns>
    public static async Task<PaceResult> OfAsync(int count, Func<int, Task> run, CancellationToken cancellationToken, int atOnce = AtOnce)
    {
        var times = new double[count];
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (number, _) =>
            {
                var start = Stopwatch.GetTimestamp();
                await run(number);
                times[number] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        );
        var all = Stopwatch.GetElapsedTime(began);
        Array.Sort(times);
        return new PaceResult(count, all, times[count / 2], times[(int)(count * 0.99)]);
    }
}

internal sealed record PaceResult(int Count, TimeSpan Time, double MedianMilliseconds, double P99Milliseconds)
{
    public override string ToString() =>
        FormattableString.Invariant(
            $"{Count:#,0} in {Time.TotalSeconds:0.0} s, {Count / Time.TotalSeconds:#,0} a second, p50 {MedianMilliseconds:0.0} ms, p99 {P99Milliseconds:0.0} ms"
        );
}
