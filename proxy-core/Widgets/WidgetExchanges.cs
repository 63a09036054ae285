using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>What the rules about widgets ask of an exchange.</summary>
internal static class WidgetExchanges
{
    /// <summary>Whether the answer can describe a resource: by the method of the request, and on a stream of its own by nothing yet.</summary>
    public static bool MayCarryWidgets(ExchangeScope exchange)
    {
        if (exchange.Message is not { } message)
        {
            var request = exchange.Context.Request;
            return HttpMethods.IsGet(request.Method)
                && request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
        }

        return message.IsBatch
            || message.Method
                is "resources/list"
                    or "resources/templates/list"
                    or "resources/read"
                    or "tools/call"
                    or "tasks/result"
                    or "tasks/get";
    }

    public static CspSurroundings SurroundingsOf(ExchangeScope exchange, McpProxyOptions options) =>
        new()
        {
            PublicOrigin = SourceOf(exchange.PublicOrigin),
            Behind =
            [
                .. new[] { exchange.UpstreamOrigin, options.WidgetServer?.GetLeftPart(UriPartial.Authority) }
                    .Select(SourceOf)
                    .OfType<CspSource>(),
            ],
            ServesWidgets = options.HasWidgets,
            HotReloads = options.WidgetServer is not null,
        };

    private static CspSource? SourceOf(string? origin) =>
        origin is not null && CspSource.TryParse(origin, out var source, out _) ? source : null;
}
