using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.History.Queries;

/// <summary>An event as it was kept.</summary>
/// <param name="Sequence">In which order it was written.</param>
/// <param name="Id">Its own.</param>
/// <param name="SessionId">The number of its session, if it has one.</param>
/// <param name="At">When it happened.</param>
/// <param name="Event">All of it.</param>
public sealed record StoredEvent(long Sequence, Guid Id, long? SessionId, DateTimeOffset At, McpEvent Event)
{
    public EventCursor Cursor => new(At.ToUnixTimeMilliseconds(), Sequence);

    /// <summary>How long it took, as exactly as is known.</summary>
    public TimeSpan? Latency =>
        Event.TimingUs is { } timing ? TimeSpan.FromMicroseconds(timing.Total)
        : Event.LatencyMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds)
        : null;
}

/// <param name="Events">At most as many as were asked for.</param>
/// <param name="Next">Where more follow, or null.</param>
public sealed record EventPage(IReadOnlyList<StoredEvent> Events, EventCursor? Next);

/// <summary>A tool of a server.</summary>
public readonly record struct ToolKey(string? Server, string Tool);

/// <summary>Who called what where. Events that share all of it are counted together.</summary>
public sealed record Series
{
    public required long Id { get; init; }

    public required string? Server { get; init; }

    public required string Type { get; init; }

    public required string? Method { get; init; }

    public required string? Tool { get; init; }

    public required string? Client { get; init; }

    public required string? ClientVersion { get; init; }

    public required string? ProtocolVersion { get; init; }

    public required string? Upstream { get; init; }

    /// <summary>When it was seen last.</summary>
    public required DateTimeOffset LastAt { get; init; }
}

/// <summary>The sums of a series over one step.</summary>
public sealed record Rollup
{
    public required Series Series { get; init; }

    /// <summary>When the step begins.</summary>
    public required DateTimeOffset At { get; init; }

    public required long Count { get; init; }

    public required long Errors { get; init; }

    public required long ToolErrors { get; init; }

    public required TimeSpan Longest { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    /// <summary>As <see cref="LatencyHistogram.Encode"/> writes it.</summary>
    public required ReadOnlyMemory<byte> Histogram { get; init; }
}

/// <summary>The widths of the steps by which sums are kept.</summary>
public static class RollupWidths
{
    public const int Minute = 60;
    public const int TenMinutes = 600;
    public const int Hour = 3600;

    public static readonly IReadOnlyList<int> All = [Minute, TenMinutes, Hour];

    /// <summary>The one that is fine enough for a range, and no finer.</summary>
    public static int For(TimeSpan range) =>
        range <= TimeSpan.FromHours(3) ? Minute
        : range <= TimeSpan.FromHours(36) ? TenMinutes
        : Hour;
}

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

/// <param name="Groups">The groups.</param>
/// <param name="Limit">How many failures were looked at, the newest of them, where there were more; else null.</param>
public sealed record FailurePage(IReadOnlyList<FailureGroup> Groups, int? Limit);

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

/// <summary>Something that a policy has stopped, how often and when.</summary>
public sealed record StoredViolation(
    string? Widget,
    string? Directive,
    string? Blocked,
    string? Fix,
    long Count,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt
);

/// <summary>A version of a tool's definition.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Version">Counted from 1.</param>
/// <param name="Hash">Of the definition.</param>
/// <param name="Definition">The JSON.</param>
/// <param name="FirstAt">When it was listed first.</param>
/// <param name="LastAt">When it was listed last.</param>
/// <param name="IsListed">Whether the tool is in the newest list; null where no list was ever complete.</param>
public sealed record ToolVersion(
    ToolKey Tool,
    int Version,
    string Hash,
    string Definition,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    bool? IsListed
);

/// <summary>How much there is.</summary>
/// <param name="Place">The file, or where else it is.</param>
/// <param name="Events">How many events.</param>
/// <param name="Bytes">What they take up, with all that belongs to them.</param>
/// <param name="OldestAt">The oldest event.</param>
/// <param name="Lost">Events that were never written.</param>
public sealed record HistoryState(string Place, long Events, long Bytes, DateTimeOffset? OldestAt, long Lost);

/// <summary>What is missing of a range.</summary>
/// <param name="DeletedBefore">Events before this were deleted; null where none of the range were.</param>
/// <param name="Reason">The limit that did it: <c>max_age</c> or <c>max_size</c>.</param>
/// <param name="Lost">Events that were never written, because there were too many at once.</param>
public sealed record HistoryGaps(DateTimeOffset? DeletedBefore, string? Reason, long Lost);
