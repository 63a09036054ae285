namespace Tunnel.ProxyCore.History.Queries;

/// <summary>A range beside the one before it.</summary>
public sealed record OverviewReport
{
    /// <summary>The range, rounded to whole steps of the sums.</summary>
    public required HistoryFilter Range { get; init; }

    public required CallSums Now { get; init; }

    public required long Sessions { get; init; }

    public required long ActiveSessions { get; init; }

    public required HistoryFilter Previous { get; init; }

    public required CallSums Before { get; init; }

    public required long SessionsBefore { get; init; }

    public required TimeSpan Step { get; init; }

    public required IReadOnlyList<TimelinePoint> Timeline { get; init; }
}

/// <summary>One step of a range.</summary>
public sealed record TimelinePoint(DateTimeOffset At, CallSums Sums);

/// <summary>How a tool fares.</summary>
public sealed record ToolReport
{
    public required ToolKey Tool { get; init; }

    public required ToolHealth Health { get; init; }

    public required CallSums Sums { get; init; }

    /// <summary>The last call there is, in the range or before; null if none is known.</summary>
    public required DateTimeOffset? LastCall { get; init; }

    /// <summary>Calls in each of <see cref="HistoryReports.SparkSteps"/> steps.</summary>
    public required IReadOnlyList<long> Spark { get; init; }

    /// <summary>Whether the server lists it; null where that was never seen.</summary>
    public required bool? IsListed { get; init; }

    /// <summary>How many versions of its definition are known.</summary>
    public required int Versions { get; init; }
}

/// <summary>What to think of a tool at a glance.</summary>
public enum ToolHealth
{
    Ok,

    /// <summary>Much slower than in the range before.</summary>
    Slow,

    /// <summary>At least 5 % of its calls fail.</summary>
    Degraded,

    /// <summary>At least half of its calls fail.</summary>
    Down,

    /// <summary>Listed by its server, and not called in the range.</summary>
    Unused,
}

/// <summary>A call that took much longer than is usual for its tool.</summary>
/// <param name="Call">The call.</param>
/// <param name="Usual">The tool's p50 in the range.</param>
public sealed record SlowCall(StoredEvent Call, TimeSpan Usual)
{
    public double Factor => (Call.Latency ?? TimeSpan.Zero) / Usual;
}

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
