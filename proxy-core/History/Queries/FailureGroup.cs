using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.History.Queries;

/// <summary>Failures of one kind.</summary>
public sealed record FailureGroup
{
    public required string? Server { get; init; }

    public required string? Method { get; init; }

    public required string? Tool { get; init; }

    /// <summary>As <see cref="McpEvent.ErrorCode"/>; null for results with isError.</summary>
    public required string? Code { get; init; }

    public required string? Message { get; init; }

    public required long Count { get; init; }

    public required DateTimeOffset FirstAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    /// <summary>Who ran into it how often; an empty name for who did not say.</summary>
    public required IReadOnlyDictionary<string, long> Clients { get; init; }

    /// <summary>How often in each step of the range.</summary>
    public required IReadOnlyList<long> Timeline { get; init; }

    /// <summary>The newest of them.</summary>
    public required IReadOnlyList<Guid> Newest { get; init; }
}
