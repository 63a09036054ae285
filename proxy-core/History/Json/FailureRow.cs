using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Json;

/// <summary>Failures of one kind.</summary>
public sealed record FailureRow
{
    public required string? Server { get; init; }

    public required string? Method { get; init; }

    public required string? Tool { get; init; }

    public required string? Code { get; init; }

    public required string? Message { get; init; }

    public required long Count { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required IReadOnlyList<ClientCountRow> Clients { get; init; }

    public required IReadOnlyList<long> Timeline { get; init; }

    public required IReadOnlyList<Guid> Newest { get; init; }

    public static FailureRow Of(FailureGroup group) =>
        new()
        {
            Server = group.Server,
            Method = group.Method,
            Tool = group.Tool,
            Code = group.Code,
            Message = FailureTexts.Of(group),
            Count = group.Count,
            FirstSeen = group.FirstAt,
            LastSeen = group.LastAt,
            Clients =
            [
                .. group
                    .Clients.OrderByDescending(pair => pair.Value)
                    .Select(pair => new ClientCountRow(pair.Key.Length == 0 ? null : pair.Key, pair.Value)),
            ],
            Timeline = group.Timeline,
            Newest = [.. group.Newest],
        };
}

/// <summary>How often a client was part of something.</summary>
public sealed record ClientCountRow(string? Client, long Count);
