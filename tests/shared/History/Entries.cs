using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.Tests.History;

/// <summary>Events to write down.</summary>
internal static class Entries
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public static readonly McpEvent Call = new()
    {
        Ts = McpEvent.Timestamp(Noon),
        Type = EventTypes.ToolCall,
        Method = "tools/call",
        Tool = "search",
        Server = "localhost:9000",
        Session = "s1",
        User = "u1",
        Client = "ChatGPT",
        ClientVersion = "1.0",
        ProtocolVersion = "2025-11-25",
        Status = "ok",
        HttpStatus = 200,
        LatencyMs = 8,
        UpstreamMs = 7,
        OverheadMs = 1,
        TimingUs = new EventTiming(8000, 100, 6000, 7000, Rewrite: 300, Edge: 50, Hold: 0, Tunnel: 12_000),
        BytesIn = 10,
        BytesOut = 20,
        RequestId = "r1",
        Upstream = "http://localhost:9000",
        CspApplied = false,
    };

    public static HistoryFilter Range(TimeSpan span) => new() { From = Noon - span, To = Noon + span };

    public static HistoryEntry New(McpEvent one) => new(Guid.CreateVersion7(), one);

    public static HistoryEntry CallAt(TimeSpan afterNoon, int milliseconds = 8, string tool = "search") =>
        New(
            Call with
            {
                Ts = McpEvent.Timestamp(Noon + afterNoon),
                Tool = tool,
                LatencyMs = milliseconds,
                TimingUs = new EventTiming(milliseconds * 1000, 0, 0, 0),
            }
        );

    public static HistoryEntry Failed(string code, string? message, string client = "ChatGPT") =>
        New(Call with { Status = "error", ErrorCode = code, ErrorMessage = message, Client = client });
}
