namespace Tunnel.Relay.Domains;

/// <summary>What somebody says of a domain. It counts when DNS says so too; several may claim one domain, and at most one has it.</summary>
internal sealed record DomainClaim
{
    public required string Domain { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>The name whose tunnel serves it.</summary>
    public required string Name { get; init; }

    /// <summary>What the TXT record has to say: random, for this owner and this domain alone. Everybody may see it.</summary>
    public required string Challenge { get; init; }

    /// <summary>Whether the domain is this owner's now.</summary>
    public bool IsActive { get; init; }

    public DomainIssue Issue { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When DNS was last asked with success; null for never.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>Since when an active domain is without its proof; null while it has it.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When a claim without a proof is forgotten; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>What is wrong with a claim.</summary>
internal enum DomainIssue
{
    None,

    /// <summary>DNS has no such record yet.</summary>
    NotProved,

    /// <summary>The record was there and is gone.</summary>
    ProofGone,

    /// <summary>Somebody else proved the domain after the record was gone.</summary>
    ProvedByAnother,

    /// <summary>The record is there, and so is that of the owner who has the domain.</summary>
    HeldByAnother,
}
