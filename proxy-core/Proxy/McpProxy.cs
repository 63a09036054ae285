using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.ProxyCore.Proxy;

/// <summary>
/// The life of an exchange in front of an MCP server: observe what passes, forward it, tell what happened.
/// <code>
/// caller ──► RequestBodyTap ──► StreamingForwarder ──► MCP server
/// caller ◄── ResponseBodyTap ◄────────┘
/// </code>
/// </summary>
internal sealed class McpProxy(
    StreamingForwarder forwarder,
    UpstreamClient upstream,
    SessionDirectory sessions,
    IEnumerable<IExchangeSink> sinks,
    TimeProvider time
)
{
    private readonly IExchangeSink[] _sinks = [.. sinks];

    public async Task HandleAsync(HttpContext context)
    {
        var observation = ExchangeObservation.Begin(context, time);
        var target = RequestTarget.OriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        try
        {
            if (target is null)
            {
                observation.Error = ErrorCatalog.BadRequest;
                await ErrorResponse.WriteAsync(
                    context,
                    ErrorCatalog.BadRequest,
                    ErrorSource.Connector,
                    detail: "the request target names no resource"
                );
                return;
            }

            await ForwardAsync(context, target, observation);
        }
        finally
        {
            Tell(observation, target is null ? "*" : RequestTarget.PathOf(target));
        }
    }

    private async Task ForwardAsync(HttpContext context, string target, ExchangeObservation observation)
    {
        ForwardingHeaders.LocalizeOwnOrigin(context.Request, upstream.Destination.Origin);
        var sent = time.GetTimestamp();
        observation.Outcome = await forwarder.SendAsync(context, target, upstream.Destination, observation.RequestBody);
        observation.UpstreamTime = time.GetElapsedTime(sent);

        observation.Error = ErrorOf(observation.Outcome);
        if (observation.Error is { } error)
        {
            var request = await observation.RequestBody.ReadAndSummarizeAsync(context.RequestAborted);
            await ErrorResponse.WriteAsync(context, error, ErrorSource.Connector, request, upstream.Destination.Origin);
        }
    }

    private static ProxyError? ErrorOf(ForwardOutcome outcome) =>
        outcome switch
        {
            ForwardOutcome.CallerBroke => ErrorCatalog.BadRequest,
            ForwardOutcome.NotConnected => ErrorCatalog.UpstreamUnreachable,
            ForwardOutcome.TimedOut => ErrorCatalog.UpstreamTimeout,
            ForwardOutcome.Broke => ErrorCatalog.UpstreamInvalid,
            _ => null,
        };

    private void Tell(ExchangeObservation observation, string path)
    {
        var record = observation.End(upstream.Destination.Origin + path, sessions);
        foreach (var sink in _sinks)
        {
            sink.Record(record);
        }

        observation.RequestBody.Release();
    }
}
