using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.Connector.Hosting;

/// <summary>
/// What the relay does for visitors of the tunnel, for callers of a local listener: refuses those that have no business here, and says
/// itself where a request comes from. Requests that came through the tunnel pass untouched.
/// </summary>
internal sealed class LocalCallMiddleware(RequestDelegate next, AllowedHosts allowed, CallRefuser refuser)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (TunnelMark.IsOn(context))
        {
            await next(context);
        }
        else if (FindFault(context.Request) is { } fault)
        {
            await refuser.RefuseAsync(context, ErrorCatalog.ForeignCaller, fault);
        }
        else
        {
            ForwardingHeaders.Replace(context.Request, context.Request.Scheme);
            await next(context);
        }
    }

    private string? FindFault(HttpRequest request)
    {
        if (!allowed.Allows(request.Host))
        {
            return $"Host is {request.Host.Value}";
        }

        var origin = request.Headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && allowed.AllowsOrigin(origin[0]!)) ? null : $"Origin is {origin}";
    }
}
