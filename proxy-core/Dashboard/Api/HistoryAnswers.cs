using Tunnel.ProxyCore.History.Json;

namespace Tunnel.ProxyCore.Dashboard.Api;

internal sealed record FiltersAnswer(
    RangeRow Range,
    IReadOnlyList<string> Servers,
    IReadOnlyList<string> Tools,
    IReadOnlyList<string> Clients
);

internal sealed record ToolsAnswer(RangeRow Range, IReadOnlyList<string> Cut, double StepS, IReadOnlyList<ToolRow> Tools);

internal sealed record RequestsAnswer(RangeRow Range, IReadOnlyList<string> Cut, IReadOnlyList<EventRow> Requests, string? Next);

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
