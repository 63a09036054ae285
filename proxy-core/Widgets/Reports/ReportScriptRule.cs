using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Widgets.Reports;

/// <summary>Puts the script into pages that the source of widgets serves.</summary>
internal sealed class ReportScriptRule(IOptionsMonitor<McpProxyOptions> options) : IResponseRule
{
    public bool MayApply(ExchangeScope exchange) =>
        options.CurrentValue.Csp.Report
        && exchange.IsOfWidgets
        && HttpMethods.IsGet(exchange.Context.Request.Method)
        && exchange.Context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && exchange.PublicOrigin is not null;

    public IBodyRewriter? Begin(ExchangeScope exchange) =>
        exchange.Context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true
            ? new ScriptInsertion(ReportScript.ElementFor(exchange.PublicOrigin!, exchange.Path))
            : null;
}
