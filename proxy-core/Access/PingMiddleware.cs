using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.ProxyCore.Access;

/// <summary>
/// <c>GET /ping</c> → <c>pong</c>, for whoever wants to know whether the proxy is up: without a key, without asking the server and without
/// a line anywhere. A server whose own endpoint is at that path keeps it.
/// </summary>
internal sealed class PingMiddleware(RequestDelegate next, IOptionsMonitor<McpProxyOptions> options)
{
    private const string Path = "/ping";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsPing(context.Request))
        {
            await next(context);
            return;
        }

        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = "pong".Length;
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.WriteAsync("pong", context.RequestAborted);
        }
    }

    private bool IsPing(HttpRequest request) =>
        request.Path.Value == Path
        && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && options.CurrentValue is { AnswersPing: true } proxy
        && proxy.Servers.All(server => server.PublicPath != Path);
}
