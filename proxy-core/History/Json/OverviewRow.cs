using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Json;

/// <summary>A range beside the one before.</summary>
public sealed record OverviewRow
{
    public required RangeRow Range { get; init; }

    public required RangeRow Previous { get; init; }

    public IReadOnlyList<string> Cut { get; init; } = [];

    public required FiguresRow Now { get; init; }

    public required FiguresRow Before { get; init; }

    public required double StepS { get; init; }

    public required IReadOnlyList<PointRow> Timeline { get; init; }

    public static OverviewRow Of(OverviewReport report) =>
        new()
        {
            Range = RangeRow.Of(report.Range),
            Previous = RangeRow.Of(report.Previous),
            Now = FiguresRow.Of(report.Now) with { Sessions = report.Sessions, ActiveSessions = report.ActiveSessions },
            Before = FiguresRow.Of(report.Before) with { Sessions = report.SessionsBefore },
            StepS = report.Step.TotalSeconds,
            Timeline = [.. report.Timeline.Select(PointRow.Of)],
        };
}
