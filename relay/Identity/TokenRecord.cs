namespace Tunnel.Relay.Identity;

/// <summary>A token that the operator gave out, without the token itself.</summary>
internal sealed record TokenRecord
{
    /// <summary>Whom it is for. Names belong to this, so a new token of the same name owns what the old one owned.</summary>
    public required string Name { get; init; }

    public NamePatterns Names { get; init; } = NamePatterns.Any;

    /// <summary>Tunnels that may be open with it at once; null for the relay's own limit.</summary>
    public int? MaxTunnels { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}
