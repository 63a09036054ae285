using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Hosts;
using Tunnel.Relay.Limits;
using Tunnel.Relay.Stopping;
using Tunnel.Relay.Team.Access;

namespace Tunnel.Relay.Edge;

/// <summary>
/// The first thing a request meets: is it sound HTTP, and whom is it for? Requests for the relay itself and for its dashboard go on to their endpoints,
/// requests for a tunnel go into it whatever their path.
/// </summary>
internal sealed class EdgeMiddleware(
    RequestDelegate next,
    HostClassifier hosts,
    VisitorLimits limits,
    PublicAnswers answers,
    TunnelForwarder forwarder,
    RelayDrain drain
)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // What relays show each other is nothing that anybody else may say.
        context.Request.Headers.Remove(ClusterKey.Header);
        context.Request.Headers.Remove(ClusterKey.HasOtherWayHeader);
        if (HttpStrictness.FindFault(context.Request) is { } unsound)
        {
            // What cannot be read safely must not be followed by another request on the same connection.
            await ErrorResponse.WriteAsync(
                context,
                ErrorCatalog.BadRequest,
                ErrorSource.Edge,
                detail: unsound,
                closesConnection: HttpProtocol.IsHttp11(context.Request.Protocol)
            );
            return;
        }

        var isExtendedConnect = context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect ?? false;
        if (HttpMethods.IsConnect(context.Request.Method) && !isExtendedConnect)
        {
            await ErrorResponse.WriteAsync(context, ErrorCatalog.MethodNotTunnelled, ErrorSource.Edge);
            return;
        }

        var host = hosts.Classify(context.Request.Host);
        context.Features.Set(host.Domain);
        var tooSoon = limits.FindRateFault(context, host.TunnelName);
        if (host.IsRelay)
        {
            await (tooSoon is null ? next(context) : ErrorResponse.WriteAsync(context, tooSoon, ErrorSource.Edge));
            return;
        }

        if (host.IsDashboard)
        {
            TeamHost.MarkAsOurs(context);
            answers.Attend(context.Response);
            await (tooSoon is null ? next(context) : ErrorResponse.WriteAsync(context, tooSoon, ErrorSource.Edge));
            return;
        }

        if (drain.HasBegun && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            // The caller's next request finds a relay that stays.
            context.Response.OnStarting(CloseConnection, context.Response);
        }

        answers.Attend(context.Response);
        var requestBody = RequestBodyTap.Attach(context);
        try
        {
            var fault = tooSoon ?? (host.TunnelName is { } name ? await ForwardAsync(context, name, requestBody) : ErrorCatalog.WrongHost);
            if (fault is not null)
            {
                var request = await requestBody.ReadAndSummarizeAsync(context.RequestAborted);
                await ErrorResponse.WriteAsync(context, fault, ErrorSource.Edge, request);
            }
        }
        finally
        {
            requestBody.Release();
        }
    }

    /// <returns>Why it was not forwarded, or null.</returns>
    private async ValueTask<ProxyError?> ForwardAsync(HttpContext context, string name, RequestBodyTap requestBody)
    {
        if (!limits.TryEnter(context))
        {
            return ErrorCatalog.TooManyAtOnce;
        }

        try
        {
            await forwarder.ForwardAsync(context, name, requestBody);
            return null;
        }
        finally
        {
            limits.Leave(context);
        }
    }

    private static Task CloseConnection(object state)
    {
        var response = (HttpResponse)state;
        if (response.StatusCode != StatusCodes.Status101SwitchingProtocols)
        {
            response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }
}
