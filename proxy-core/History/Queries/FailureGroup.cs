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

    public long Count { get; set; }

    public required DateTimeOffset FirstAt { get; set; }

    public required DateTimeOffset LastAt { get; set; }

    /// <summary>Who ran into it how often; an empty name for who did not say.</summary>
    public required IDictionary<string, long> Clients { get; init; }

    /// <summary>How often in each step of the range.</summary>
    public required long[] Timeline { get; init; }

    /// <summary>The newest of them.</summary>
    public required IList<Guid> Newest { get; init; }
}
