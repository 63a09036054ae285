namespace Tunnel.Relay.Names;

/// <summary>
/// Who owns which name, and how often it was opened. A name outlives the connection that uses it: nobody but its owner gets it while nobody
/// is connected. Names come in their one spelling (<see cref="NameRules"/>); a store does not look at them.
/// <para>
/// Every operation is one atomic step on one name, its owner and the bans, so that a store can be a script inside a database. A name that has
/// expired is free, whether it was cleared away yet or not. All operations throw <see cref="NameStoreUnavailableException"/> when the store
/// cannot be reached; nothing was changed then.
/// </para>
/// </summary>
internal interface INameStore
{
    /// <summary>How much time may pass until the use of an open name is written down again.</summary>
    static readonly TimeSpan UseIsExactTo = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Opens a name: the wanted one, or the one that the project had last, or the first candidate that is free. Every grant has a new generation.
    /// Unless the request joins and the opening before it did, the floor rises to it: older openings are over.
    /// </summary>
    ValueTask<NameClaim> ClaimAsync(NameRequest request, CancellationToken cancellationToken);

    /// <summary>Looks whether an opening is good, so that one more relay can serve it. Nothing is granted, and nothing counts as used.</summary>
    ValueTask<OpeningState> ContinueAsync(NameLease opening, CancellationToken cancellationToken);

    /// <summary>Makes the name the owner's without opening it. A name that is the owner's already stays as it is, but counts as used.</summary>
    ValueTask<ClaimOutcome> ReserveAsync(NameOwner owner, string name, CancellationToken cancellationToken);

    /// <summary>Keeps names that are open in use, each by itself.</summary>
    /// <returns>What became of each, in the same order. A lease that is not held changes nothing.</returns>
    ValueTask<IReadOnlyList<LeaseState>> RenewAsync(IReadOnlyList<NameLease> leases, CancellationToken cancellationToken);

    /// <summary>Gives a name up, if it is this owner's.</summary>
    ValueTask<bool> ReleaseAsync(string ownerId, string name, CancellationToken cancellationToken);

    /// <summary>What is known of a name, or null when nobody owns it.</summary>
    ValueTask<NameRecord?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>The names of one owner, by name.</summary>
    ValueTask<IReadOnlyList<NameRecord>> ListAsync(string ownerId, CancellationToken cancellationToken);

    /// <summary>A page of all names, by name.</summary>
    /// <param name="after">The last name of the page before, empty for the first.</param>
    /// <param name="count">Names on a page, at most.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    ValueTask<IReadOnlyList<NameRecord>> ListAllAsync(string after, int count, CancellationToken cancellationToken);

    /// <summary>Clears expired names away, each only if it still is.</summary>
    /// <param name="count">How many, at most.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>How many it were.</returns>
    ValueTask<int> ExpireAsync(int count, CancellationToken cancellationToken);

    /// <summary>Makes a name one that nobody gets, not even its owner, who keeps it all the same.</summary>
    ValueTask BanAsync(string name, string reason, CancellationToken cancellationToken);

    /// <returns>Whether the name was banned.</returns>
    ValueTask<bool> UnbanAsync(string name, CancellationToken cancellationToken);

    /// <summary>All bans, by name.</summary>
    ValueTask<IReadOnlyList<NameBan>> ListBansAsync(CancellationToken cancellationToken);
}
