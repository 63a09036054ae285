namespace Tunnel.Relay.Names;

/// <summary>A name that belongs to somebody.</summary>
internal sealed record NameRecord
{
    public required string Name { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>The newest generation that was granted; 0 for a name that was reserved and never opened.</summary>
    public required long Generation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its tunnel was last known to be open, or was last asked for. Exact to <see cref="INameStore.UseIsExactTo"/>.</summary>
    public required DateTimeOffset UsedAt { get; init; }

    /// <summary>When it is free again unless it is used before; null for never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A name that nobody gets.</summary>
internal sealed record NameBan(string Name, string Reason, DateTimeOffset CreatedAt);
