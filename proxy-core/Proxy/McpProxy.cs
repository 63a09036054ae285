using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Routing;
using Tunnel.ProxyCore.Telemetry;

namespace Tunnel.ProxyCore.Proxy;

/// <summary>
/// The life of an exchange in front of an MCP server: know what it is, choose where it goes, forward it, tell what happened.
/// <code>
/// caller ──► RequestBodyTap ──► McpRouter ──► StreamingForwarder ──► MCP server
/// caller ◄── ResponseBodyTap ◄── ResponseRewriting ◄───────┘
/// </code>
/// </summary>
internal sealed class McpProxy(
    McpRouter router,
    StreamingForwarder forwarder,
    UpstreamClient upstream,
    SessionDirectory sessions,
    ResponseRewriting rewriting,
    IEnumerable<IExchangeSink> sinks,
    IOptionsMonitor<McpProxyOptions> options,
    TimeProvider time
)
{
    private readonly IExchangeSink[] _sinks = [.. sinks];

    public async Task HandleAsync(HttpContext context)
    {
        var observation = ExchangeObservation.Begin(context, router, time);
        var target = RequestTarget.OriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        try
        {
            if (target is null)
            {
                await AnswerAsync(context, observation, ErrorCatalog.BadRequest, request: null, "the request target names no resource");
                return;
            }

            // :: Step 1: Read what the exchange is about, as far as it is JSON-RPC
            if (!await TryReadAheadAsync(context, observation))
            {
                return;
            }

            observation.Identify(sessions);

            // :: Step 2: Choose where it goes
            var scope = ScopeOf(context, target, observation);
            target = router.Route(target, scope.Message);
            observation.Spans = ExchangeSpans.Begin(context, scope.Message, observation.StartedAt);

            // :: Step 3: Forward it, there and back, with what the rules change
            await ForwardAsync(scope, target, observation);
        }
        finally
        {
            // :: Step 4: Tell what happened
            Tell(observation, target is null ? "*" : RequestTarget.PathOf(target));
        }
    }

    private async Task<bool> TryReadAheadAsync(HttpContext context, ExchangeObservation observation)
    {
        try
        {
            await observation.RequestBody.ReadAheadAsync(options.CurrentValue.MaxInspectedBody, context.RequestAborted);
            return true;
        }
        catch (Exception unreadable) when (unreadable is IOException or OperationCanceledException)
        {
            if (!context.RequestAborted.IsCancellationRequested)
            {
                observation.Outcome = ForwardOutcome.CallerBroke;
                await AnswerAsync(
                    context,
                    observation,
                    ErrorCatalog.BadRequest,
                    request: null,
                    "the request body could not be read to its end"
                );
            }

            return false;
        }
    }

    private ExchangeScope ScopeOf(HttpContext context, string target, ExchangeObservation observation) =>
        new()
        {
            Context = context,
            Message = observation.RequestBody.Summarize(),
            Path = RequestTarget.PathOf(target),
            UpstreamOrigin = upstream.Destination.Origin,
            Client = observation.Client,
            PublicUrl = options.CurrentValue.PublicUrl,
        };

    private async Task ForwardAsync(ExchangeScope scope, string target, ExchangeObservation observation)
    {
        var context = scope.Context;
        if (context.Request.Headers.Origin.Count > 0)
        {
            ForwardingHeaders.LocalizeOwnOrigin(context.Request, scope.CallerOrigin, scope.UpstreamOrigin);
        }

        observation.Spans?.BeginUpstream(scope.UpstreamOrigin);
        var sent = time.GetTimestamp();
        observation.Outcome = await forwarder.SendAsync(
            context,
            target,
            upstream.Destination,
            observation.RequestBody,
            rewriting.For(scope)
        );
        observation.UpstreamTime = time.GetElapsedTime(sent);
        observation.Spans?.EndUpstream(time.GetUtcNow());
        if (ErrorOf(observation.Outcome) is { } error)
        {
            var request = await observation.RequestBody.ReadAndSummarizeAsync(context.RequestAborted);
            await AnswerAsync(context, observation, error, request, upstream.Destination.Origin);
        }
    }

    private static Task AnswerAsync(
        HttpContext context,
        ExchangeObservation observation,
        ProxyError error,
        JsonRpcSummary? request,
        string detail
    )
    {
        observation.Error = error;
        return ErrorResponse.WriteAsync(context, error, ErrorSource.Connector, request, detail);
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
        var isFirst = true;
        foreach (var record in observation.End(upstream.Destination.Origin + path, sessions))
        {
            if (isFirst)
            {
                observation.Spans?.End(record);
                isFirst = false;
            }

            foreach (var sink in _sinks)
            {
                sink.Record(record);
            }
        }

        observation.RequestBody.Release();
    }
}
