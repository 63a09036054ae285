using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Json;

/// <summary>Figures of a range.</summary>
public sealed record FiguresRow
{
    public required long Requests { get; init; }

    public required long Calls { get; init; }

    public required long Errors { get; init; }

    public required long ToolErrors { get; init; }

    public required double? ErrorRate { get; init; }

    public required double? P50Ms { get; init; }

    public required double? P95Ms { get; init; }

    public required double? P99Ms { get; init; }

    public required double? MaxMs { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    public long Sessions { get; init; }

    public long? ActiveSessions { get; init; }

    public static FiguresRow Of(CallSums sums) =>
        new()
        {
            Requests = sums.Requests,
            Calls = sums.Calls,
            Errors = sums.Errors,
            ToolErrors = sums.ToolErrors,
            ErrorRate = sums.ErrorRate is { } rate ? Math.Round(rate, 5) : null,
            P50Ms = Milliseconds.Of(sums.P50),
            P95Ms = Milliseconds.Of(sums.P95),
            P99Ms = Milliseconds.Of(sums.P99),
            MaxMs = sums.Calls == 0 ? null : Milliseconds.Of(sums.Longest),
            BytesIn = sums.BytesIn,
            BytesOut = sums.BytesOut,
        };
}

/// <summary>From when to when.</summary>
public sealed record RangeRow(DateTimeOffset From, DateTimeOffset To)
{
    public static RangeRow Of(HistoryFilter filter) => new(filter.From.ToUniversalTime(), filter.To.ToUniversalTime());
}

/// <summary>A step of a range.</summary>
public sealed record PointRow(DateTimeOffset At, long Requests, long Calls, long Errors, double? P50Ms, double? P95Ms, double? P99Ms)
{
    public static PointRow Of(TimelinePoint point) =>
        new(
            point.At,
            point.Sums.Requests,
            point.Sums.Calls,
            point.Sums.Errors + point.Sums.ToolErrors,
            Milliseconds.Of(point.Sums.P50),
            Milliseconds.Of(point.Sums.P95),
            Milliseconds.Of(point.Sums.P99)
        );
}

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
