namespace Tunnel.Relay.Limits;

/// <summary>
/// A token bucket for each of very many callers in memory that does not grow: every bucket is one number, the moment at which it is full
/// again (the generic cell rate algorithm, ITU-T I.371). Callers are told apart by hash; in the rare case that two share a bucket, they share
/// its rate.
/// </summary>
/// <param name="count">What one caller may do in <paramref name="period"/>, and at once after a rest; zero for no limit.</param>
/// <param name="period">The time in which an empty bucket gets full.</param>
/// <param name="time">The clock.</param>
internal sealed class RateLimit(int count, TimeSpan period, TimeProvider time)
{
    /// <summary>Half a megabyte; with a thousand callers, one in 65 shares a bucket.</summary>
    public const int Buckets = 1 << 16;

    private readonly long[] _fullAt = count == 0 ? [] : new long[Buckets];
    private readonly long _capacity = (long)(period.TotalSeconds * time.TimestampFrequency);

    /// <param name="caller">A hash with a seed of this process.</param>
    /// <param name="amount">How much at once; more than a full bucket counts as that.</param>
    /// <returns>False when there is not as much in the bucket.</returns>
    public bool TryTake(int caller, int amount = 1)
    {
        if (count == 0)
        {
            return true;
        }

        ref var fullAt = ref _fullAt[(uint)caller % Buckets];
        var seen = Volatile.Read(ref fullAt);
        while (true)
        {
            var now = time.GetTimestamp();
            var next = Math.Max(seen, now) + (_capacity / count * Math.Min(amount, count));
            if (next - now > _capacity)
            {
                return false;
            }

            var before = Interlocked.CompareExchange(ref fullAt, next, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }
    }

    /// <summary>Takes what others have taken: the bucket is full again in <paramref name="fullIn"/> at the earliest, which may be after a debt is paid.</summary>
    public void Drain(int caller, TimeSpan fullIn)
    {
        ref var fullAt = ref _fullAt[(uint)caller % Buckets];
        var next = time.GetTimestamp() + (long)(fullIn.TotalSeconds * time.TimestampFrequency);
        var seen = Volatile.Read(ref fullAt);
        while (next > seen)
        {
            var before = Interlocked.CompareExchange(ref fullAt, next, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
