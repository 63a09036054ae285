using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.Relay.Admin;

/// <summary>Counts the answers that are errors of ours: the relay's own, and those of connectors that come through it.</summary>
internal sealed class ErrorCountMiddleware(RequestDelegate next, RelayMetrics metrics)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Response.Headers.TryGetValue(ErrorResponse.CodeHeader, out var code))
            {
                metrics.Failed(code.ToString());
            }
        }
    }
}
