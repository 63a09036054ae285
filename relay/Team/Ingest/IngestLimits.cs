using Tunnel.Relay.Configuration;
using Tunnel.Relay.Limits;

namespace Tunnel.Relay.Team.Ingest;

/// <summary>What of batches is under way: so much that memory and disk keep up, and no member more than its share.</summary>
internal sealed class IngestLimits(RelayOptions options, TimeProvider time)
{
    /// <summary>Batches that are read or written at once; the longest ones take 16 MB each to decode.</summary>
    public const int MaxAtOnce = 16;

    /// <summary>Those of one member. One mcpr sends one after the other; several may share a token.</summary>
    public const int MaxOfMember = 4;

    /// <summary>Events may come in heaps: a server that was cut off sends what it kept.</summary>
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimit _members = new(MaxOfMember);
    private readonly RateLimit _events = new(checked(options.Team.EventRate * (int)s_period.TotalSeconds), s_period, time);
    private int _running;

    /// <returns>Why not, or null; then <see cref="Leave"/> has to follow.</returns>
    public IngestProblem? Enter(TeamMembership member)
    {
        if (Interlocked.Increment(ref _running) > MaxAtOnce)
        {
            Interlocked.Decrement(ref _running);
            return IngestProblem.Busy;
        }

        if (_members.TryEnter(member.Key.GetHashCode()))
        {
            return null;
        }

        Interlocked.Decrement(ref _running);
        return IngestProblem.TooManyAtOnce;
    }

    public void Leave(TeamMembership member)
    {
        _members.Leave(member.Key.GetHashCode());
        Interlocked.Decrement(ref _running);
    }

    public bool TryTake(TeamMembership member, int events) => _events.TryTake(member.Key.GetHashCode(), events);
}
