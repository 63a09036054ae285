using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;

namespace Tunnel.ProxyCore.Access;

/// <summary>Lets only callers with a key through to the server. Preflights (OPTIONS) carry no credentials by design and stay open.</summary>
internal sealed class ApiKeyMiddleware(RequestDelegate next, ApiKeys keys)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!keys.AreRequired || HttpMethods.IsOptions(context.Request.Method) || keys.Admit(context.Request))
        {
            await next(context);
            return;
        }

        var body = RequestBodyTap.Attach(context);
        try
        {
            var request = await body.ReadAndSummarizeAsync(context.RequestAborted);
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"mcpr\"";
                return Task.CompletedTask;
            });
            await ErrorResponse.WriteAsync(context, ErrorCatalog.ApiKeyRefused, ErrorSource.Connector, request);
        }
        finally
        {
            body.Release();
        }
    }
}
