using System.Text.Json;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Json;

/// <summary>A tool with its figures.</summary>
public sealed record ToolRow
{
    public required string? Server { get; init; }

    public required string Tool { get; init; }

    public required string Health { get; init; }

    public required long Calls { get; init; }

    public required long Errors { get; init; }

    public required long ToolErrors { get; init; }

    public required double? ErrorRate { get; init; }

    public required double? P50Ms { get; init; }

    public required double? P95Ms { get; init; }

    public required double? P99Ms { get; init; }

    public required double? MaxMs { get; init; }

    public required DateTimeOffset? LastCall { get; init; }

    public required IReadOnlyList<long> Spark { get; init; }

    public required bool? IsListed { get; init; }

    public required int Versions { get; init; }

    public static ToolRow Of(ToolReport report)
    {
        var figures = FiguresRow.Of(report.Sums);
        return new ToolRow
        {
            Server = report.Tool.Server,
            Tool = report.Tool.Tool,
            Health = JsonNamingPolicy.SnakeCaseLower.ConvertName(report.Health.ToString()),
            Calls = figures.Calls,
            Errors = figures.Errors,
            ToolErrors = figures.ToolErrors,
            ErrorRate = figures.ErrorRate,
            P50Ms = figures.P50Ms,
            P95Ms = figures.P95Ms,
            P99Ms = figures.P99Ms,
            MaxMs = figures.MaxMs,
            LastCall = report.LastCall,
            Spark = report.Spark,
            IsListed = report.IsListed,
            Versions = report.Versions,
        };
    }
}
