namespace Tunnel.ProxyCore.History.Queries;

/// <summary>A session of a client with a server.</summary>
public sealed record StoredSession
{
    public required long Id { get; init; }

    /// <summary>The session's own key.</summary>
    public required string Key { get; init; }

    public required string? Server { get; init; }

    public required string? User { get; init; }

    public required string? Client { get; init; }

    public required string? ClientVersion { get; init; }

    public required string? ProtocolVersion { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary><c>closed</c>, <c>idle</c> or <c>evicted</c>.</summary>
    public required string? EndReason { get; init; }

    public required long Requests { get; init; }

    public required long Calls { get; init; }

    /// <summary>Requests that failed, with results with isError among them.</summary>
    public required long Errors { get; init; }
}
