namespace Tunnel.ProxyCore.History.Queries;

/// <summary>What a client did.</summary>
public sealed record ClientReport
{
    /// <summary>Null for callers that do not say who they are.</summary>
    public required string? Client { get; init; }

    public required CallSums Sums { get; init; }

    /// <summary>Its part of all requests.</summary>
    public required double Share { get; init; }

    public required long Sessions { get; init; }

    public required IReadOnlyList<string> Versions { get; init; }

    public required IReadOnlyList<string> ProtocolVersions { get; init; }

    public required DateTimeOffset LastSeen { get; init; }
}
