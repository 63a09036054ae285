using Tunnel.Relay.Configuration;
using Tunnel.Relay.Limits;

namespace Tunnel.Relay.Team.Ingest;

/// <summary>What of batches is under way: so much that memory and disk keep up, and no member more than its share.</summary>
internal sealed class IngestLimits(RelayOptions options, TimeProvider time)
{
    /// <summary>Batches that come in at once; they hold what they have sent so far, 1 MiB at most. Whoever is slow takes one of these.</summary>
    public const int MaxComing = 64;

    /// <summary>Batches that are decoded or written at once; the longest ones take 16 MB each to decode.</summary>
    public const int MaxAtOnce = 16;

    /// <summary>Those of one member. One mcpr sends one after the other; several may share a token.</summary>
    public const int MaxOfMember = 4;

    /// <summary>A member may send one batch for each of so many events of its rate. An mcpr that has events sends one batch a second.</summary>
    private const int EventsPerBatch = 100;

    /// <summary>Batches a second that a member may send however low that is.</summary>
    private const int BatchRateAtLeast = 20;

    /// <summary>Long lines count as one event for each of these; an event has about half of it.</summary>
    private const int BytesPerEvent = 1024;

    /// <summary>Events may come in heaps: a server that was cut off sends what it kept.</summary>
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimit _members = new(MaxOfMember);
    private readonly RateLimit _batches = new(InPeriod(BatchRateOf(options.Team.EventRate)), s_period, time);
    private readonly RateLimit _events = new(InPeriod(options.Team.EventRate), s_period, time);
    private int _coming;
    private int _running;

    /// <summary>Before a batch is received.</summary>
    /// <returns>Why not, or null; then <see cref="Leave"/> has to follow.</returns>
    public IngestProblem? Enter(TeamMembership member)
    {
        var caller = member.Key.GetHashCode();
        if (!_batches.TryTake(caller))
        {
            return IngestProblem.TooManyBatches;
        }

        if (!TryIncrement(ref _coming, MaxComing))
        {
            return IngestProblem.Busy;
        }

        if (_members.TryEnter(caller))
        {
            return null;
        }

        Interlocked.Decrement(ref _coming);
        return IngestProblem.TooManyAtOnce;
    }

    public void Leave(TeamMembership member)
    {
        _members.Leave(member.Key.GetHashCode());
        Interlocked.Decrement(ref _coming);
    }

    /// <summary>Before one that was received is decoded.</summary>
    /// <returns>False when there is too much; otherwise <see cref="End"/> has to follow.</returns>
    public bool TryStart() => TryIncrement(ref _running, MaxAtOnce);

    public void End() => Interlocked.Decrement(ref _running);

    /// <param name="member">Who sends.</param>
    /// <param name="lines">Lines of a batch.</param>
    /// <param name="bytes">What they have together.</param>
    public bool TryTake(TeamMembership member, int lines, int bytes) =>
        _events.TryTake(member.Key.GetHashCode(), Math.Max(lines, bytes / BytesPerEvent));

    private static bool TryIncrement(ref int count, int most)
    {
        if (Interlocked.Increment(ref count) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref count);
        return false;
    }

    private static int BatchRateOf(int eventRate) => eventRate == 0 ? 0 : Math.Max(BatchRateAtLeast, eventRate / EventsPerBatch);

    private static int InPeriod(int rate) => checked(rate * (int)s_period.TotalSeconds);
}
