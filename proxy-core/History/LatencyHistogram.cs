using System.Runtime.CompilerServices;

namespace Tunnel.ProxyCore.History;

/// <summary>
/// How long things took, in buckets that grow by a tenth: bucket <c>i</c> has what is over 1.1^(i-1) and up to 1.1^i microseconds. Its middle is at most
/// 4.9 % from anything in it (√1.1 − 1). Histograms of parts add up to that of the whole, which percentiles do not.
/// </summary>
public sealed class LatencyHistogram
{
    private const double Growth = 1.1;

    /// <summary>The last bucket begins after 20 hours; nothing the proxy carries is a call for longer.</summary>
    private const int Buckets = 264;

    private static readonly double s_perLog = 1 / Math.Log(Growth);

    private readonly long[] _counts = new long[Buckets];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    public void Add(long microseconds) => Add(BucketOf(microseconds), 1);

    /// <returns>What this part (0 to 1) took at most, in microseconds, or null of nothing.</returns>
    public double? Quantile(double part)
    {
        if (Count == 0)
        {
            return null;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(part * Count));
        var bucket = 0;
        for (var seen = _counts[0]; seen < rank; seen += _counts[bucket])
        {
            bucket++;
        }

        return bucket == 0 ? 1 : Math.Pow(Growth, bucket - 0.5);
    }

    /// <summary>Adds a histogram as <see cref="Encode"/> wrote it.</summary>
    public void Merge(ReadOnlySpan<byte> encoded)
    {
        var (bucket, next, counts, added) = (0, 0, _counts, 0L);
        while (TryReadNumber(encoded, ref next, out var skipped) && TryReadNumber(encoded, ref next, out var count))
        {
            bucket += (int)skipped;
            if ((uint)bucket >= (uint)counts.Length)
            {
                break;
            }

            counts[bucket] += count;
            added += count;
        }

        Count += added;
    }

    /// <summary>Adds another.</summary>
    public void Merge(LatencyHistogram other)
    {
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            Add(bucket, other._counts[bucket]);
        }
    }

    /// <summary>For each bucket that is not empty how many are skipped to get there, and how many it has, in base 128 with the low bits first.</summary>
    public byte[] Encode()
    {
        var bytes = new List<byte>(32);
        var last = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (_counts[bucket] > 0)
            {
                WriteNumber(bytes, bucket - last);
                WriteNumber(bytes, _counts[bucket]);
                last = bucket;
            }
        }

        return [.. bytes];
    }

    private static int BucketOf(long microseconds) =>
        microseconds <= 1 ? 0 : Math.Min(Buckets - 1, (int)Math.Ceiling(Math.Log(microseconds) * s_perLog));

    private static void WriteNumber(List<byte> bytes, long number)
    {
        for (; number > 0x7f; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadNumber(ReadOnlySpan<byte> bytes, ref int next, out long number)
    {
        // Nearly all of them are one byte, and a page reads a million.
        if ((uint)next < (uint)bytes.Length && bytes[next] <= 0x7f)
        {
            number = bytes[next++];
            return true;
        }

        return TryReadLongNumber(bytes, ref next, out number);
    }

    private static bool TryReadLongNumber(ReadOnlySpan<byte> bytes, ref int next, out long number)
    {
        number = 0;
        for (var shift = 0; next < bytes.Length && shift < 63; shift += 7)
        {
            var one = bytes[next++];
            number |= (long)(one & 0x7f) << shift;
            if (one <= 0x7f)
            {
                return true;
            }
        }

        return false;
    }

    private void Add(int bucket, long count)
    {
        _counts[bucket] += count;
        Count += count;
    }
}
