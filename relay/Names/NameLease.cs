namespace Tunnel.Relay.Names;

/// <summary>One opening of a name, as its relay holds it.</summary>
internal readonly record struct NameLease(string Name, string OwnerId, long Generation)
{
    /// <summary>What else a store has to know of the name to put it back after its data was lost; null where nobody remembers.</summary>
    public LeaseTerms? Terms { get; init; }
}

/// <param name="Project">The fingerprint that the name was opened for.</param>
/// <param name="Floor">Openings of a lower generation are over.</param>
/// <param name="IsShared">Whether it joined.</param>
/// <param name="KeepFor">How long the name stays its owner's when nobody uses it; null for good.</param>
internal sealed record LeaseTerms(string Project, long Floor, bool IsShared, TimeSpan? KeepFor);

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

/// <summary>What there is of an opening.</summary>
/// <param name="State">What became of it.</param>
/// <param name="Floor">Openings of a lower generation are over.</param>
internal sealed record OpeningState(LeaseState State, long Floor);
