namespace Tunnel.Relay.Names;

/// <summary>A name that belongs to somebody.</summary>
internal sealed record NameRecord
{
    public required string Name { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>When its tunnel was last known to be open, or was last asked for.</summary>
    public required DateTimeOffset UsedAt { get; init; }
}
