using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Json;

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
