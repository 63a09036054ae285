using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Access;

/// <summary>
/// Lets only callers with a key through to the server. Preflights (OPTIONS) carry no credentials by design and stay open, and so do widgets:
/// hosts load them in a sandbox that knows no key.
/// </summary>
internal sealed class ApiKeyMiddleware(RequestDelegate next, ApiKeys keys, McpRouter router, CallRefuser refuser)
{
    private const string Challenge = "Bearer realm=\"mcpr\"";

    public Task InvokeAsync(HttpContext context)
    {
        if (
            !keys.AreRequired
            || HttpMethods.IsOptions(context.Request.Method)
            || keys.Admit(context.Request)
            || router.LoadsFromWidgets(context.Request)
        )
        {
            return next(context);
        }

        context.Response.OnStarting(() =>
        {
            context.Response.Headers.WWWAuthenticate = Challenge;
            return Task.CompletedTask;
        });
        return refuser.RefuseAsync(context, ErrorCatalog.ApiKeyRefused);
    }
}
