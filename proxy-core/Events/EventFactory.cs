using Tunnel.ProxyCore.Exchanges;

namespace Tunnel.ProxyCore.Events;

/// <summary>Turns a finished exchange into its event.</summary>
internal static class EventFactory
{
    private const string Ok = "ok";
    private const string Error = "error";
    private const string ToolError = "tool_error";

    public static McpEvent Create(ExchangeRecord exchange) =>
        new()
        {
            Ts = McpEvent.Timestamp(exchange.StartedAt),
            Type = TypeOf(exchange),
            Method = exchange.McpMethod ?? exchange.HttpMethod,
            Tool = exchange.McpMethod == "tools/call" ? exchange.Name : null,
            Server = exchange.Server,
            Session = exchange.Session,
            User = exchange.User,
            LatencyMs = (long)exchange.Total.TotalMilliseconds,
            Status = StatusOf(exchange),
            ErrorCode = exchange.IsToolError ? null : exchange.Failure,
            ErrorMessage = ErrorPattern.Of(exchange.ErrorMessage),
            Upstream = OriginOf(exchange.Target),
            Path = exchange.WidgetPage,
            RequestId = exchange.RequestId,
            Batch = exchange.BatchSize,
            Client = exchange.Client,
            ClientVersion = exchange.ClientVersion,
            ProtocolVersion = exchange.ProtocolVersion,
            HttpStatus = exchange.Status,
            UpstreamMs = (long)exchange.Upstream.TotalMilliseconds,
            OverheadMs = (long)(exchange.Total - exchange.Upstream).TotalMilliseconds,
            TimingUs = new EventTiming(
                Microseconds(exchange.Total),
                Microseconds(exchange.Reading),
                Microseconds(exchange.Waiting),
                Microseconds(exchange.Upstream),
                Microseconds(exchange.Rewriting),
                exchange.Tunnel is { } tunnel ? Microseconds(tunnel.Edge) : null,
                exchange.Tunnel is { } held ? Microseconds(held.Held) : null,
                exchange.Tunnel?.Way is { } way ? Microseconds(way) : null
            ),
            BytesIn = exchange.RequestBytes,
            BytesOut = exchange.ResponseBytes,
            CspApplied = exchange.IsCspApplied,
        };

    // Not by way of Uri, which takes longer for each call than all the rest of this.
    private static string? OriginOf(string target)
    {
        var authority =
            target.StartsWith("http://", StringComparison.Ordinal) ? "http://".Length
            : target.StartsWith("https://", StringComparison.Ordinal) ? "https://".Length
            : -1;
        if (authority < 0)
        {
            return null;
        }

        var path = target.IndexOf('/', authority);
        return path < 0 ? target : target[..path];
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private static string TypeOf(ExchangeRecord exchange) =>
        exchange.McpMethod switch
        {
            "tools/call" => EventTypes.ToolCall,
            "tools/list" => EventTypes.ToolList,
            // The modern revision has no sessions; its clients ask this once, before anything else.
            "initialize" or "server/discover" when StatusOf(exchange) == Ok => EventTypes.SessionStart,
            null when exchange.WidgetPage is not null => EventTypes.WidgetServe,
            null when exchange is { HttpMethod: "DELETE", Session: not null, Status: >= 200 and < 300 } => EventTypes.SessionEnd,
            _ => EventTypes.Request,
        };

    private static string StatusOf(ExchangeRecord exchange) =>
        exchange.IsToolError ? ToolError
        : exchange.Failure is not null ? Error
        : Ok;
}
