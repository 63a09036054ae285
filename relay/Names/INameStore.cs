namespace Tunnel.Relay.Names;

/// <summary>
/// Who owns which name, and how often it was opened. Every operation is atomic. A name outlives the connection that uses it:
/// nobody but its owner gets it while nobody is connected.
/// </summary>
internal interface INameStore
{
    /// <summary>
    /// Claims <paramref name="wanted"/>, or without one the name that this owner's project has, or a new one.
    /// Every granted claim raises the name's generation by one.
    /// </summary>
    /// <exception cref="NameStoreUnavailableException">The store cannot be reached; nothing was changed.</exception>
    ValueTask<NameClaim> ClaimAsync(string ownerId, string project, string? wanted, CancellationToken cancellationToken);

    /// <summary>What is known of a name, or null when nobody owns it.</summary>
    /// <exception cref="NameStoreUnavailableException">The store cannot be reached.</exception>
    ValueTask<NameRecord?> FindAsync(string name, CancellationToken cancellationToken);
}
