using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Widgets.Sources;

namespace Tunnel.Connector.Hosting;

/// <summary>
/// What the relay does for visitors of the tunnel, for callers of a local listener: refuses what is no sound HTTP and those that have no
/// business here, and says itself where a request comes from. For requests that came through the tunnel the relay has done both; its word about the caller's address
/// becomes the connection's, and what it says of the time goes to the exchange.
/// </summary>
internal sealed class LocalCallMiddleware(
    RequestDelegate next,
    AllowedHosts allowed,
    SandboxCalls sandboxes,
    IOptionsMonitor<McpProxyOptions> proxy,
    CallRefuser refuser
)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (TunnelMark.IsOn(context))
        {
            context.Connection.RemoteIpAddress = ForwardingHeaders.ClientOf(context.Request);
            if (EdgeTimeHeaders.Take(context.Request) is var (edge, held))
            {
                context.Features.Set(new TunnelTimes(edge, held, context.Features.Get<TunnelWay>()?.Estimate));
            }

            await next(context);
        }
        else if (HttpStrictness.FindFault(context.Request) is { } unsound)
        {
            // What cannot be read safely must not be followed by another request on the same connection.
            var isAlone = HttpProtocol.IsHttp11(context.Request.Protocol);
            await refuser.RefuseAsync(context, ErrorCatalog.BadRequest, unsound, closesConnection: isAlone);
        }
        else if (FindForeign(context.Request) is { } foreign)
        {
            await refuser.RefuseAsync(context, ErrorCatalog.ForeignCaller, foreign);
        }
        else
        {
            ForwardingHeaders.Replace(context.Request, context.Request.Scheme);
            await next(context);
        }
    }

    private string? FindForeign(HttpRequest request)
    {
        if (!allowed.Allows(request.Host))
        {
            return $"Host is {request.Host.Value}";
        }

        var origin = request.Headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && Allows(origin[0]!)) || sandboxes.Allow(request) ? null : $"Origin is {origin}";
    }

    // Allowing pages of all origins to read, which is the default, is no reason to let them at a port of this machine.
    private bool Allows(string origin) => allowed.AllowsOrigin(origin) || proxy.CurrentValue.Cors.Names(origin);
}
