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
