using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>
/// Widgets from a dev server such as Vite or webpack's, which believes to be called locally: <c>Host</c> is its own, and so is the
/// <c>Origin</c> of our callers and of hosts' sandboxes. Its WebSocket for hot reload goes through like everything else.
/// </summary>
internal sealed class DevServer(UpstreamClient client, StreamingForwarder forwarder, ResponseRewriting rewriting)
    : IWidgetSource,
        IDisposable
{
    public string Name => client.Destination.Origin;

    public string? Origin => client.Destination.Origin;

    public async Task<WidgetFailure?> ServeAsync(ExchangeScope exchange, string target, ExchangeObservation observation)
    {
        ForwardingHeaders.LocalizeOwnOrigin(exchange.Context.Request, exchange.CallerOrigin, client.Destination.Origin);
        LocalizeSandbox(exchange.Context);
        observation.Outcome = await forwarder.SendAsync(
            exchange.Context,
            target,
            client.Destination,
            observation.RequestBody,
            rewriting.For(exchange)
        );
        return ErrorOf(observation.Outcome) is { } error ? new WidgetFailure(error, client.Destination.Origin) : null;
    }

    public void Dispose() => client.Dispose();

    // Dev servers let nobody load and reload but themselves. What changes something keeps its Origin, for them to judge.
    private void LocalizeSandbox(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (
            headers.Origin is [{ } origin]
            && (origin == SandboxOrigin.Opaque || SandboxOrigin.IsOfHost(origin))
            && RequestKind.OnlyLoads(context)
        )
        {
            headers.Origin = client.Destination.Origin;
        }
    }

    private static ProxyError? ErrorOf(ForwardOutcome outcome) =>
        outcome switch
        {
            ForwardOutcome.CallerBroke => ErrorCatalog.BadRequest,
            ForwardOutcome.NotConnected => ErrorCatalog.DevServerUnreachable,
            ForwardOutcome.TimedOut => ErrorCatalog.DevServerTimeout,
            ForwardOutcome.Broke => ErrorCatalog.DevServerInvalid,
            _ => null,
        };
}
