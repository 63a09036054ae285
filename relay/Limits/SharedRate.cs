namespace Tunnel.Relay.Limits;

/// <summary>
/// A rate for each caller that several relays share. Requests are judged here alone, by what this relay knows; a few times a second the
/// relays tell Redis what they let through, and learn what all let through together.
/// </summary>
/// <param name="perSecond">Requests a second, with a second's worth at once; zero for no limit.</param>
/// <param name="textOf">What a caller is called on all relays.</param>
/// <param name="isShared">Whether there is a Redis to tell.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedRate(int perSecond, Func<object, string> textOf, bool isShared, TimeProvider time)
{
    /// <summary>Callers that use less than this part of the rate here are not worth telling: many relays together stay below the rate.</summary>
    private const double WorthTelling = 1d / 16;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly RateLimit _limit = new(perSecond, s_second, time);
    private readonly int[] _spent = isShared && perSecond > 0 ? new int[RateLimit.Buckets] : [];
    private readonly object?[] _callers = isShared && perSecond > 0 ? new object?[RateLimit.Buckets] : [];

    /// <param name="hash">A hash of the caller with a seed of this process.</param>
    /// <param name="caller">The caller.</param>
    /// <returns>False when the request comes too soon.</returns>
    public bool TryTake(int hash, object caller)
    {
        if (!_limit.TryTake(hash))
        {
            return false;
        }

        if (_spent.Length > 0)
        {
            var bucket = (uint)hash % RateLimit.Buckets;
            // Of two that share a bucket the last one gives it its name.
            _callers[bucket] = caller;
            Interlocked.Increment(ref _spent[bucket]);
        }

        return true;
    }

    /// <summary>What was let through since the last time, of callers that use much.</summary>
    /// <param name="elapsed">How long ago that was, about.</param>
    public List<RateSpending> Collect(TimeSpan elapsed)
    {
        List<RateSpending> spendings = [];
        var least = perSecond * elapsed.TotalSeconds * WorthTelling;
        for (var bucket = NextSpent(0); bucket < _spent.Length; bucket = NextSpent(bucket + 1))
        {
            var spent = Interlocked.Exchange(ref _spent[bucket], 0);
            if (spent >= least)
            {
                spendings.Add(new RateSpending(bucket, textOf(_callers[bucket]!), s_second * spent / perSecond));
            }
        }

        return spendings;
    }

    /// <param name="spending">What was told.</param>
    /// <param name="fullIn">When the bucket of all relays is full again.</param>
    public void Learn(RateSpending spending, TimeSpan fullIn) =>
        _limit.Drain(spending.Bucket, fullIn + (s_second * Volatile.Read(ref _spent[spending.Bucket]) / perSecond));

    private int NextSpent(int from) => _spent.AsSpan(from).IndexOfAnyExcept(0) is var next && next < 0 ? _spent.Length : from + next;
}

/// <summary>What one caller used here in a while.</summary>
/// <param name="Bucket">Where it is counted.</param>
/// <param name="Caller">Who it is, on all relays.</param>
/// <param name="Cost">The time in which the bucket gets back what was used.</param>
internal readonly record struct RateSpending(int Bucket, string Caller, TimeSpan Cost);
