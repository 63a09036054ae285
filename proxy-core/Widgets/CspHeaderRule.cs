using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>Lets pages of widgets load in a host what they may load at home: their own policy speaks of the public origin, and of what rules add.</summary>
internal sealed class CspHeaderRule(IOptionsMonitor<McpProxyOptions> options) : IResponseRule
{
    public bool MayApply(ExchangeScope exchange)
    {
        var request = exchange.Context.Request;
        // Where widgets have a source of their own, pages of the MCP server are something else.
        return exchange.IsOfWidgets == options.CurrentValue.HasWidgets
            && exchange.Message is null
            && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            && (exchange.PublicOrigin is not null || options.CurrentValue.Csp.HasRules);
    }

    public IBodyRewriter? Begin(ExchangeScope exchange)
    {
        var headers = exchange.Context.Response.Headers;
        if (exchange.Context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true)
        {
            var surroundings = WidgetExchanges.SurroundingsOf(exchange, options.CurrentValue);
            var header = new CspHeader(options.CurrentValue.Csp, surroundings, exchange.Path);
            exchange.IsCspApplied |=
                Rewrite(headers, HeaderNames.ContentSecurityPolicy, header)
                | Rewrite(headers, HeaderNames.ContentSecurityPolicyReportOnly, header);
            if (surroundings.ServesWidgets)
            {
                // The older way to say who may frame, with no way to name a host.
                headers.Remove(HeaderNames.XFrameOptions);
            }
        }

        return null;
    }

    private static bool Rewrite(IHeaderDictionary headers, string name, CspHeader header)
    {
        if (!headers.TryGetValue(name, out var before))
        {
            return false;
        }

        var after = before.Select(value => value is null ? null : header.Rewrite(value)).ToArray();
        if (after.SequenceEqual(before, StringComparer.Ordinal))
        {
            return false;
        }

        headers[name] = new StringValues(after);
        return true;
    }
}
