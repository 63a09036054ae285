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

    public static string Format(ExchangeRecord exchange, TimeZoneInfo zone)
    {
        var line = new StringBuilder(160);
        var culture = CultureInfo.InvariantCulture;
        line.Append(culture, $"{TimeZoneInfo.ConvertTime(exchange.StartedAt, zone):HH:mm:ss} {Plain(exchange.HttpMethod)} ");
        line.Append(exchange.Status == 0 ? "---" : exchange.Status.ToString(culture));
        line.Append(culture, $" {Units.Size(exchange.ResponseBytes)} {Units.Duration(exchange.Total)}");
        var overhead = exchange.Total - exchange.Upstream;
        line.Append(culture, $" {Units.Duration(exchange.Upstream)}↑ {Units.Duration(overhead)}↓");
        if (exchange.McpMethod is { } method)
        {
            line.Append(culture, $" {Plain(method)}");
        }

        if (exchange.Name is { } name)
        {
            line.Append(culture, $" {Plain(name)}");
        }

        if (exchange.ErrorCode is { } code)
        {
            line.Append(culture, $" [{code} {Plain(exchange.ErrorMessage ?? string.Empty)}]");
        }
        else if (exchange.IsToolError)
        {
            line.Append(" [tool error]");
        }
        else if (exchange.ProxyError is { } error)
        {
            line.Append(culture, $" [{error}]");
        }

        if (exchange.IsCutShort)
        {
            line.Append(exchange.Status == 0 ? " caller left" : " cut short");
        }

        return line.Append(culture, $" → {Plain(exchange.Target)}").ToString();
    }

    private static string Plain(string text) => PlainText.Of(text, MaxTextLength);
}
