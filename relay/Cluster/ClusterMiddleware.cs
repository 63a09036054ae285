using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Edge;
using Tunnel.Relay.Hosts;
using Tunnel.Relay.Tls;

namespace Tunnel.Relay.Cluster;

/// <summary>
/// Takes requests that another relay passes on, if it shows the cluster's key. They were judged at the edge there, and go into a tunnel
/// here or nowhere: never to a third relay, and never to this relay's own endpoints.
/// </summary>
internal sealed partial class ClusterMiddleware(
    RequestDelegate next,
    HostClassifier hosts,
    TunnelForwarder forwarder,
    IEnumerable<HttpChallenges> challenges,
    RelayOptions options,
    ILogger<ClusterMiddleware> logger
)
{
    private readonly ClusterKey _key = ClusterKey.Of(options);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!NodeMark.IsOn(context))
        {
            await next(context);
            return;
        }

        var shown = context.Request.Headers[ClusterKey.Header].ToString();
        context.Request.Headers.Remove(ClusterKey.Header);
        var hasOtherWay = context.Request.Headers.Remove(ClusterKey.HasOtherWayHeader);
        if (!_key.Is(shown))
        {
            Log.Refused(logger, context.Connection.RemoteIpAddress?.ToString() ?? "?");
            await ErrorResponse.WriteAsync(context, ErrorCatalog.NotOfThisCluster, ErrorSource.Edge);
            return;
        }

        if (challenges.FirstOrDefault() is { } challenge && await challenge.TryAnswerAsync(context))
        {
            return;
        }

        var host = hosts.Classify(context.Request.Host);
        context.Features.Set(host.Domain);
        if (host.TunnelName is not { } name)
        {
            await ErrorResponse.WriteAsync(context, ErrorCatalog.WrongHost, ErrorSource.Edge);
            return;
        }

        var requestBody = RequestBodyTap.Attach(context);
        try
        {
            if (!await forwarder.TryForwardFromNodeAsync(context, name, requestBody, hasOtherWay))
            {
                context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
                context.Response.Headers[ClusterKey.NotHereHeader] = _key.Shown;
            }
        }
        finally
        {
            requestBody.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1404, LogLevel.Warning, "refused a node without the cluster's key address={Address}", EventName = "NodeRefused")]
        public static partial void Refused(ILogger logger, string address);
    }
}
