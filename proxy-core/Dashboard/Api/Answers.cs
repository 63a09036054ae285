using System.Text.Json;
using System.Text.Json.Serialization;
using Tunnel.ProxyCore.History.Json;

namespace Tunnel.ProxyCore.Dashboard.Api;

internal sealed record ProblemAnswer(Problem Error);

internal sealed record Problem(int Status, string Message);

internal sealed record StatusAnswer(
    string Version,
    DateTimeOffset StartedAt,
    DateTimeOffset Now,
    IReadOnlyList<ServerRow> Servers,
    HistoryStateRow History,
    CapturedStateRow Captured
);

/// <param name="Server">What events call it.</param>
/// <param name="Name">Its name, if it has one.</param>
/// <param name="Path">Where callers find its endpoint.</param>
public sealed record ServerRow(string Server, string? Name, string Path);

internal sealed record HistoryStateRow(
    string File,
    long Events,
    long Bytes,
    long MaxBytes,
    double MaxAgeS,
    DateTimeOffset? Oldest,
    long Dropped
);

internal sealed record CapturedStateRow(bool IsOn, int Requests, int MaxRequests, long Bytes, long MaxBytes, int MaxBody);

internal sealed record FiltersAnswer(
    RangeRow Range,
    IReadOnlyList<string> Servers,
    IReadOnlyList<string> Tools,
    IReadOnlyList<string> Clients
);

internal sealed record ToolsAnswer(RangeRow Range, IReadOnlyList<string> Cut, double StepS, IReadOnlyList<ToolRow> Tools);

internal sealed record RequestsAnswer(RangeRow Range, IReadOnlyList<string> Cut, IReadOnlyList<EventRow> Requests, string? Next);

internal sealed record RequestAnswer(
    EventRow Request,
    double? UsualMs,
    IReadOnlyList<StageRow> Waterfall,
    double? OverheadMs,
    CapturedRow? Captured
);

/// <summary>A part of the time of a request.</summary>
internal sealed record StageRow(string Stage, double StartMs, double DurationMs);

internal sealed record SessionsAnswer(RangeRow Range, IReadOnlyList<string> Cut, IReadOnlyList<SessionRow> Sessions);

internal sealed record SessionAnswer(
    SessionRow Session,
    IReadOnlyList<string> Cut,
    IReadOnlyList<SessionToolRow> Tools,
    IReadOnlyList<EventRow> Requests,
    string? Next
);

internal sealed record SessionToolRow(string Tool, long Calls, long Errors);

internal sealed record ErrorsAnswer(RangeRow Range, IReadOnlyList<string> Cut, double StepS, IReadOnlyList<FailureRow> Errors);

internal sealed record SlowAnswer(RangeRow Range, IReadOnlyList<string> Cut, IReadOnlyList<EventRow> Calls);

internal sealed record ClientsAnswer(RangeRow Range, IReadOnlyList<string> Cut, IReadOnlyList<ClientRow> Clients);

internal sealed record ViolationsAnswer(RangeRow Range, IReadOnlyList<string> Cut, IReadOnlyList<ViolationRow> Violations);

internal sealed record ViolationRow(
    string? Widget,
    string? Directive,
    string? Blocked,
    string? Fix,
    long Count,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen
);

internal sealed record SchemasAnswer(IReadOnlyList<string> Cut, IReadOnlyList<ToolSchemaRow> Tools);

internal sealed record ToolSchemaRow(string? Server, string Tool, bool? IsListed, IReadOnlyList<SchemaVersionRow> Versions);

internal sealed record SchemaVersionRow(
    int Version,
    string Hash,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    JsonElement Definition,
    IReadOnlyList<SchemaChangeRow> Changes
);

/// <param name="Path">A JSON pointer (RFC 6901).</param>
/// <param name="Change"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Before">What was there.</param>
/// <param name="After">What is there.</param>
internal sealed record SchemaChangeRow(string Path, string Change, JsonElement? Before, JsonElement? After);

internal sealed record DroppedRow(long Count);

/// <summary>The JSON of the API, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(FiltersAnswer))]
[JsonSerializable(typeof(OverviewRow))]
[JsonSerializable(typeof(ToolsAnswer))]
[JsonSerializable(typeof(RequestsAnswer))]
[JsonSerializable(typeof(RequestAnswer))]
[JsonSerializable(typeof(SessionsAnswer))]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(ErrorsAnswer))]
[JsonSerializable(typeof(SlowAnswer))]
[JsonSerializable(typeof(ClientsAnswer))]
[JsonSerializable(typeof(ViolationsAnswer))]
[JsonSerializable(typeof(SchemasAnswer))]
[JsonSerializable(typeof(EventRow))]
[JsonSerializable(typeof(DroppedRow))]
[JsonSerializable(typeof(ReplayQuestion))]
[JsonSerializable(typeof(SentAnswer))]
internal sealed partial class DashboardJson : JsonSerializerContext;
