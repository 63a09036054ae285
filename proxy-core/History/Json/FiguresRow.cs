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
