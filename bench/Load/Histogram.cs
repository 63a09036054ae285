using System.Diagnostics;
using System.Numerics;

namespace Tunnel.Bench.Load;

/// <summary>
/// Times, counted in buckets that are as wide as 1/128 of what they hold. So a percentile is right to 0.8 %, from nanoseconds to hours, and memory
/// does not grow with the number of calls. Any thread may add.
/// </summary>
internal sealed class Histogram
{
    private const int BitsPerRange = 7;
    private const int BucketsPerRange = 1 << BitsPerRange;

    private readonly long[] _counts = new long[(64 - BitsPerRange + 1) * BucketsPerRange];
    private long _count;

    public long Count => Volatile.Read(ref _count);

    /// <param name="timestampTicks">A difference of two values of <see cref="Stopwatch.GetTimestamp"/>.</param>
    public void Add(long timestampTicks)
    {
        Interlocked.Increment(ref _counts[BucketOf(ulong.CreateSaturating(timestampTicks))]);
        Interlocked.Increment(ref _count);
    }

    /// <summary>Milliseconds that so many of the times are not above; 0 if there are no times.</summary>
    public double Percentile(double part)
    {
        var wanted = (long)Math.Ceiling(part * Count);
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted && seen > 0)
            {
                return MiddleOf(bucket) / Stopwatch.Frequency * 1000;
            }
        }

        return 0;
    }

    private static int BucketOf(ulong ticks)
    {
        var range = Math.Max(0, BitOperations.Log2(ticks) - BitsPerRange + 1);
        return (range * BucketsPerRange) + (int)(ticks >> range);
    }

    private static double MiddleOf(int bucket)
    {
        // The lower half of every range but the first stays empty: its values are in the range before.
        var range = bucket / BucketsPerRange;
        var width = Math.Pow(2, range);
        return ((bucket % BucketsPerRange) + 0.5) * width;
    }
}
