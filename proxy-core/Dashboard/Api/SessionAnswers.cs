using Tunnel.ProxyCore.History.Json;

namespace Tunnel.ProxyCore.Dashboard.Api;

internal sealed record SessionsAnswer(RangeRow Range, IReadOnlyList<string> Cut, IReadOnlyList<SessionRow> Sessions);

internal sealed record SessionAnswer(
    SessionRow Session,
    IReadOnlyList<string> Cut,
    IReadOnlyList<SessionToolRow> Tools,
    IReadOnlyList<EventRow> Requests,
    string? Next
);

internal sealed record SessionToolRow(string Tool, long Calls, long Errors);
