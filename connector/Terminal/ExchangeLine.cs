using System.Globalization;
using System.Text;
using Tunnel.ProxyCore.Exchanges;

namespace Tunnel.Connector.Terminal;

/// <summary>
/// One exchange as one line:
/// <c>21:23:11 POST 200 147B 8ms 8ms↑ 0ms↓ tools/call search [-32602 Invalid params] → http://localhost:9000/mcp</c>
/// </summary>
internal static class ExchangeLine
{
    private const int MaxTextLength = 80;

    /// <param name="exchange">What happened.</param>
    /// <param name="slowness">How many times the tool's usual time it took, if that was slow.</param>
    /// <param name="zone">Whose clock the line shows.</param>
    /// <param name="ink">The colours.</param>
    public static string Format(ExchangeRecord exchange, double? slowness, TimeZoneInfo zone, Ink ink)
    {
        var line = new StringBuilder(200);
        var culture = CultureInfo.InvariantCulture;
        var time = TimeZoneInfo.ConvertTime(exchange.StartedAt, zone).ToString("HH:mm:ss", culture);
        line.Append(culture, $"{ink.Dim(time)} {Plain(exchange.HttpMethod)} {StatusOf(exchange.Status, ink)}");
        line.Append(culture, $" {Units.Size(exchange.ResponseBytes)} {Units.Duration(exchange.Total)}");
        var overhead = exchange.Total - exchange.Upstream;
        line.Append(culture, $" {Units.Duration(exchange.Upstream)}↑ {Units.Duration(overhead)}↓");
        if (exchange.McpMethod is { } method)
        {
            line.Append(' ').Append(ink.Bold(Plain(method)));
        }

        if (exchange.Name is { Length: > 0 } name)
        {
            line.Append(' ').Append(ink.Cyan(Plain(name)));
        }

        if (FailureOf(exchange) is { } failure)
        {
            line.Append(' ').Append(ink.Red(failure));
        }

        if (slowness is { } factor)
        {
            line.Append(' ').Append(ink.Yellow(string.Create(culture, $"▲ {factor:0}× p50")));
        }

        if (exchange.IsCutShort)
        {
            line.Append(' ').Append(ink.Yellow(exchange.Status == 0 ? "caller left" : "cut short"));
        }

        return line.Append(culture, $" → {ink.Dim(Plain(exchange.Target))}").ToString();
    }

    private static string? FailureOf(ExchangeRecord exchange) =>
        exchange.ErrorCode is { } code
            ? string.Create(CultureInfo.InvariantCulture, $"[{code} {Plain(exchange.ErrorMessage ?? string.Empty)}]")
        : exchange.IsToolError ? "[tool error]"
        : exchange.ProxyError is { } error ? $"[{error}]"
        : null;

    /// <summary>A status in the colour of its class.</summary>
    public static string StatusOf(int status, Ink ink)
    {
        var text = status.ToString(CultureInfo.InvariantCulture);
        return status switch
        {
            0 => ink.Yellow("---"),
            < 300 => ink.Green(text),
            < 400 => ink.Cyan(text),
            < 500 => ink.Yellow(text),
            _ => ink.Red(text),
        };
    }

    private static string Plain(string text) => PlainText.Of(text, MaxTextLength);
}
