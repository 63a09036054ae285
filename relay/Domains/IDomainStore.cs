using Tunnel.Relay.Names;

namespace Tunnel.Relay.Domains;

/// <summary>
/// Who claims which domain, and whose it is. Every operation is one atomic step. Domains come in their one spelling (<see cref="DomainName"/>).
/// A claim that has expired is not there, whether it was cleared away yet or not. All operations throw
/// <see cref="NameStoreUnavailableException"/> when the store cannot be reached; nothing was changed then.
/// </summary>
internal interface IDomainStore
{
    /// <summary>How long a claim is kept that has no proof.</summary>
    static readonly TimeSpan KeepUnproved = TimeSpan.FromDays(7);

    /// <summary>How long others leave a domain alone that somebody is looking up.</summary>
    static readonly TimeSpan TakenFor = TimeSpan.FromMinutes(1);

    /// <summary>What <see cref="AddAsync"/> would say of a claim now. Nothing is noted.</summary>
    ValueTask<DomainOutcome> FindRoomAsync(string ownerId, string domain, DomainBounds bounds, CancellationToken cancellationToken);

    /// <summary>
    /// Notes a claim, which proves nothing yet. One that this owner has already keeps its challenge and gets the name; it does not count against
    /// the bounds again.
    /// </summary>
    ValueTask<DomainOutcome> AddAsync(DomainClaim claim, DomainBounds bounds, CancellationToken cancellationToken);

    ValueTask<bool> RemoveAsync(string ownerId, string domain, CancellationToken cancellationToken);

    /// <summary>The claims of one owner, by domain.</summary>
    ValueTask<IReadOnlyList<DomainClaim>> ListAsync(string ownerId, CancellationToken cancellationToken);

    /// <summary>Domains to look up now. Whoever takes one has <see cref="TakenFor"/> for it; then others get it.</summary>
    ValueTask<IReadOnlyList<string>> TakeDueAsync(int count, CancellationToken cancellationToken);

    /// <summary>
    /// Draws the conclusions of a look-up for all claims of a domain:
    /// <list type="number">
    /// <item>Who has it and has the proof keeps it.</item>
    /// <item>Who has it without the proof loses it to the first other who has one, else after the grace time.</item>
    /// <item>A domain that nobody has goes to the first who has a proof.</item>
    /// </list>
    /// </summary>
    /// <param name="domain">The domain.</param>
    /// <param name="found">All values that DNS has.</param>
    /// <param name="pace">When to look again, and how long a proof may be away.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    ValueTask JudgeAsync(string domain, IReadOnlyCollection<string> found, DomainPace pace, CancellationToken cancellationToken);

    /// <summary>Everything that is active, unless nothing has changed.</summary>
    /// <param name="known">
    /// What the caller got last. A store that lost its data gets it back from there; until it has it back from all, it is not available to
    /// those who know <see cref="DomainSnapshot.Nothing"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>What to know from now on; <paramref name="known"/> itself where that is still true.</returns>
    ValueTask<DomainSnapshot> ReadActiveAsync(DomainSnapshot known, CancellationToken cancellationToken);

    /// <summary>Clears away claims that have expired.</summary>
    /// <returns>How many it were, at most <paramref name="count"/>.</returns>
    ValueTask<int> ExpireAsync(int count, CancellationToken cancellationToken);
}

/// <summary>How many claims there may be.</summary>
/// <param name="PerOwner">Those of one owner.</param>
/// <param name="Total">Those of all.</param>
internal sealed record DomainBounds(int PerOwner, int Total);

/// <param name="Settled">When to look at a domain again with which all is well.</param>
/// <param name="Unsettled">When to look at one again that somebody waits for, or whose proof is away.</param>
/// <param name="Grace">How long the proof may be away.</param>
internal sealed record DomainPace(TimeSpan Settled, TimeSpan Unsettled, TimeSpan Grace);

/// <summary>The active domains as they were at some moment.</summary>
internal sealed record DomainSnapshot(long Revision, IReadOnlyList<DomainClaim> Active)
{
    public static DomainSnapshot Nothing { get; } = new(-1, []);
}

internal enum DomainOutcome
{
    Noted,
    TooManyOwn,
    TooMany,
}
