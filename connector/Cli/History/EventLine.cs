using System.Globalization;
using System.Text;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.Connector.Cli.History;

/// <summary>
/// One event as one line, much as the line that its exchange had in the terminal:
/// <c>21:23:19 200 147B 8ms 8ms↑ tools/call search [-32602 Invalid params: &lt;text&gt;] ChatGPT → localhost:9000</c>
/// </summary>
internal static class EventLine
{
    public static string Format(StoredEvent stored, Ink ink)
    {
        var (one, culture) = (stored.Event, CultureInfo.InvariantCulture);
        var line = new StringBuilder(160).Append(ink.Dim(HistoryCommand.Time(stored.At)));
        if (one.HttpStatus is { } status)
        {
            line.Append(' ').Append(ExchangeLine.StatusOf(status, ink));
            line.Append(culture, $" {Units.Size(one.BytesOut ?? 0)} {HistoryCommand.Time(stored.Latency)}");
            line.Append(culture, $" {HistoryCommand.Time(TimeSpan.FromMilliseconds(one.UpstreamMs ?? 0))}↑");
        }

        line.Append(' ').Append(ink.Bold(HistoryCommand.Plain(one.Method ?? one.Type)));
        if ((one.Tool ?? one.Path ?? one.Widget) is { } name)
        {
            line.Append(' ').Append(ink.Cyan(HistoryCommand.Plain(name)));
        }

        if (FailureOf(one) is { } failure)
        {
            line.Append(' ').Append(ink.Red($"[{failure}]"));
        }

        if (one.Directive is not null)
        {
            line.Append(' ').Append(ink.Yellow(HistoryCommand.Plain($"{one.Directive} stopped {one.BlockedUri}")));
        }

        if (one.Reason is not null)
        {
            line.Append(' ').Append(HistoryCommand.Plain($"({one.Reason})"));
        }

        if (one.Client is not null)
        {
            line.Append(' ').Append(HistoryCommand.Plain(one.Client));
        }

        return one.Server is null ? line.ToString() : line.Append(" → ").Append(ink.Dim(HistoryCommand.Plain(one.Server))).ToString();
    }

    private static string? FailureOf(McpEvent one) =>
        one.Status == "tool_error" ? "tool error"
        : one.ErrorCode is null ? null
        : HistoryCommand.Plain(one.ErrorMessage is null ? one.ErrorCode : $"{one.ErrorCode} {one.ErrorMessage}");
}
