using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Json;

/// <summary>A client with its figures.</summary>
public sealed record ClientRow
{
    public required string? Client { get; init; }

    public required long Requests { get; init; }

    public required double Share { get; init; }

    public required long Calls { get; init; }

    public required long Errors { get; init; }

    public required long ToolErrors { get; init; }

    public required double? ErrorRate { get; init; }

    public required double? P50Ms { get; init; }

    public required double? P95Ms { get; init; }

    public required double? P99Ms { get; init; }

    public required long Sessions { get; init; }

    public required IReadOnlyList<string> Versions { get; init; }

    public required IReadOnlyList<string> ProtocolVersions { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public static ClientRow Of(ClientReport report)
    {
        var figures = FiguresRow.Of(report.Sums);
        return new ClientRow
        {
            Client = report.Client,
            Requests = figures.Requests,
            Share = Math.Round(report.Share, 5),
            Calls = figures.Calls,
            Errors = figures.Errors,
            ToolErrors = figures.ToolErrors,
            ErrorRate = figures.ErrorRate,
            P50Ms = figures.P50Ms,
            P95Ms = figures.P95Ms,
            P99Ms = figures.P99Ms,
            Sessions = report.Sessions,
            Versions = report.Versions,
            ProtocolVersions = report.ProtocolVersions,
            LastSeen = report.LastSeen,
        };
    }
}
