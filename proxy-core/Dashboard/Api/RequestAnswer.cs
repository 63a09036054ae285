using Tunnel.ProxyCore.History.Json;

namespace Tunnel.ProxyCore.Dashboard.Api;

internal sealed record RequestAnswer(
    EventRow Request,
    double? UsualMs,
    IReadOnlyList<StageRow> Waterfall,
    double? OverheadMs,
    CapturedRow? Captured
);

/// <summary>A part of the time of a request.</summary>
internal sealed record StageRow(string Stage, double StartMs, double DurationMs);
