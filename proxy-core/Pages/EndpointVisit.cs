using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Pages;

/// <summary>
/// Puts <see cref="EndpointPage"/> in place of what an MCP server says to a browser: that it does not take GET, or wants another Accept or a
/// session, or a stream of events. A server that has a page of its own there shows that, and one that is not well its error.
/// </summary>
internal sealed class EndpointVisit(IOptionsMonitor<McpProxyOptions> options)
{
    /// <summary>Whether the caller is a browser that was led to the endpoint of a server.</summary>
    public bool MayApply(ExchangeScope exchange) =>
        !exchange.IsOfWidgets
        && PageRequest.IsVisit(exchange.Context.Request)
        && exchange.Path.TrimEnd('/') == exchange.Server.PublicEndpoint.TrimEnd('/')
        && options.CurrentValue.ShowsEndpointPage;

    /// <returns>Whether the answer is the page now.</returns>
    public static bool Apply(ExchangeScope exchange, HttpResponseMessage response)
    {
        var wantsLogin = response.StatusCode == HttpStatusCode.Unauthorized;
        if (!wantsLogin && !IsForPrograms(response))
        {
            return false;
        }

        var page = EndpointPage.Write(exchange.CallerOrigin, exchange.Server.PublicEndpoint, exchange.Server.Name, wantsLogin);
        var headers = exchange.Context.Response.Headers;
        foreach (var (name, _) in response.Headers.Concat(response.Content.Headers))
        {
            headers.Remove(name);
        }

        // A stream of events would go on for nobody.
        response.Content.Dispose();
        Page.WriteHeaders(headers);
        headers.ContentLength = page.Length;
        exchange.Context.Response.StatusCode = StatusCodes.Status200OK;
        response.Content = new ByteArrayContent(page);
        return true;
    }

    private static bool IsForPrograms(HttpResponseMessage response) =>
        response.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotAcceptable => !IsPage(response),
            HttpStatusCode.UnsupportedMediaType or HttpStatusCode.NotImplemented => !IsPage(response),
            HttpStatusCode.OK => TypeOf(response) is "text/event-stream" or "application/json",
            _ => false,
        };

    private static bool IsPage(HttpResponseMessage response) => TypeOf(response) is "text/html" or "application/xhtml+xml";

    private static string? TypeOf(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant();
}
