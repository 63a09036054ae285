using Tunnel.Relay.Names;

namespace Tunnel.Relay.Identity;

/// <summary>Who a connector is, and what it may have.</summary>
internal sealed record ConnectorIdentity
{
    /// <summary><c>token:alice</c>, <c>ext:</c> and what the verifier calls the owner, or <c>anon:</c> and the hash of the connector's own secret.</summary>
    public required string OwnerId { get; init; }

    public required Credential Credential { get; init; }

    /// <summary>The operator's token that the credential is, if it is one.</summary>
    public TokenRecord? Token { get; init; }

    /// <summary>Which names it may open and reserve.</summary>
    public NamePatterns Names { get; init; } = NamePatterns.Any;

    public required int MaxTunnels { get; init; }

    public required int MaxNames { get; init; }

    /// <summary>How long an unused name stays its own; null for good.</summary>
    public TimeSpan? KeepNamesFor { get; init; }

    /// <summary>When the credential ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public NameOwner AsNameOwner() => new(OwnerId, KeepNamesFor, MaxNames);
}
