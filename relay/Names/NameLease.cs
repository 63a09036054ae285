namespace Tunnel.Relay.Names;

/// <summary>One opening of a name, as its relay holds it.</summary>
internal readonly record struct NameLease(string Name, string OwnerId, long Generation);

/// <summary>What became of a lease.</summary>
internal enum LeaseState
{
    /// <summary>It is good, and the name counts as used now.</summary>
    Held,

    /// <summary>A newer opening of the same owner took over.</summary>
    Replaced,

    /// <summary>The name was given up, or belongs to somebody else.</summary>
    Lost,

    Banned,
}
