using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Routing;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Servers.Offers;
using Tunnel.ProxyCore.Telemetry;
using Tunnel.ProxyCore.Widgets.Sources;

namespace Tunnel.ProxyCore.Proxy;

/// <summary>
/// The life of an exchange in front of an MCP server: know what it is, choose where it goes, forward it, tell what happened.
/// <code>
/// caller ──► RequestBodyTap ──► McpRouter ─┬► StreamingForwarder ──► MCP server
/// caller ◄── ResponseBodyTap ◄── ResponseRewriting ◄───┴► WidgetServing ──► dev server or folder
/// </code>
/// </summary>
internal sealed class McpProxy(
    McpRouter router,
    McpServers servers,
    StreamingForwarder forwarder,
    SessionDirectory sessions,
    ResourceParameter resource,
    ResponseRewriting rewriting,
    WidgetServing widgets,
    ExchangeInspection inspection,
    IEnumerable<IExchangeSink> sinks,
    IOptionsMonitor<McpProxyOptions> options,
    TimeProvider time
)
{
    /// <summary>What stands in a record of an exchange that went to no server.</summary>
    private const string Nowhere = "nowhere";

    private const string BrokenBody = "the request body could not be read to its end";

    private readonly IExchangeSink[] _sinks = [.. sinks];

    /// <param name="context">The exchange.</param>
    /// <param name="mapped">The server it is for, where the application has decided that; otherwise its path decides.</param>
    public async Task HandleAsync(HttpContext context, McpServer? mapped = null)
    {
        var observation = ExchangeObservation.Begin(context, time);
        var destination = Nowhere;
        try
        {
            if (RequestTarget.OriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is not { } target)
            {
                await AnswerAsync(context, observation, ErrorCatalog.BadRequest, request: null, "the request target names no resource");
                return;
            }

            // :: Step 1: Read what the exchange is about, as far as it is JSON-RPC
            await observation.RequestBody.ReadAheadAsync(options.CurrentValue.MaxInspectedBody, context.RequestAborted);
            observation.Identify(sessions);
            observation.Inspection = inspection.Begin(context, target, observation);

            // :: Step 2: Choose where it goes
            var message = observation.RequestBody.Summarize();
            var route = mapped is null
                ? router.Route(context.Request, target, message)
                : new Route(mapped, IsToWidgets: false, mapped.TargetOf(target, message));
            if (route.IsToWidgets)
            {
                destination = widgets.Name + RequestTarget.PathOf(target);
                await ServeWidgetAsync(context, target, observation);
                return;
            }

            if (route.Server is not { } server)
            {
                await AnswerAsync(context, observation, ErrorCatalog.UnknownServer, message, $"the names are {servers.Names}");
                return;
            }

            observation.Server = server.Label;

            // :: Step 3: Hold it against what the server offers to callers
            if (
                server.Offer.HasRules && OfferedRequest.Check(context.Request, observation.RequestBody, server, route.Target) is { } refusal
            )
            {
                await AnswerAsync(context, observation, refusal.Error, message, refusal.Detail);
                return;
            }

            var path = RequestTarget.PathOf(route.Target);
            observation.Spans = ExchangeSpans.Begin(context, message, observation.StartedAt);

            // :: Step 4: Forward it, there and back, with what the rules change
            using var attempts = UpstreamAttempts.Begin(context, observation.RequestBody, server, route.Target);
            while (attempts.Next(observation.Outcome) is { } upstream)
            {
                destination = upstream.Origin + path;
                var scope = ScopeOf(context, target, server, upstream, observation);
                var asked = await resource.LocalizeAsync(scope, route.Target);
                observation.Outcome = await SendAsync(scope, asked, observation);
            }

            await AnswerFailureAsync(context, observation, attempts);
        }
        catch (Exception unreadable) when (unreadable is IOException or OperationCanceledException && !context.Response.HasStarted)
        {
            // Only reading the caller's body ends like this; forwarding has an outcome for everything.
            await AnswerBrokenBodyAsync(context, observation);
        }
        finally
        {
            // :: Step 5: Tell what happened
            if (observation.Inspection is { } looked)
            {
                inspection.End(context, observation, looked);
            }

            Tell(observation, destination);
        }
    }

    private static async Task AnswerBrokenBodyAsync(HttpContext context, ExchangeObservation observation)
    {
        if (!context.RequestAborted.IsCancellationRequested)
        {
            observation.Outcome = ForwardOutcome.CallerBroke;
            await AnswerAsync(context, observation, ErrorCatalog.BadRequest, request: null, BrokenBody);
        }
    }

    private ExchangeScope ScopeOf(
        HttpContext context,
        string target,
        McpServer server,
        Upstream upstream,
        ExchangeObservation observation
    ) =>
        new()
        {
            Context = context,
            Message = observation.RequestBody.Summarize(),
            Path = RequestTarget.PathOf(target),
            Server = server,
            Upstream = upstream,
            UpstreamOrigin = upstream.Origin,
            Client = observation.Client,
            PublicUrl = options.CurrentValue.PublicUrl,
        };

    private async Task<ForwardOutcome> SendAsync(ExchangeScope scope, string target, ExchangeObservation observation)
    {
        var request = scope.Context.Request;
        var callerSaid = request.Headers.Origin;
        ForwardingHeaders.WritePrefix(request, scope.Server.Prefix);
        if (callerSaid.Count > 0)
        {
            ForwardingHeaders.LocalizeOwnOrigin(request, scope.CallerOrigin, scope.UpstreamOrigin);
        }

        observation.Spans?.BeginUpstream(scope.UpstreamOrigin);
        var sent = time.GetTimestamp();
        var outcome = await forwarder.SendAsync(
            scope.Context,
            target,
            scope.Upstream.Destination,
            observation.RequestBody,
            new HeadersWatch(rewriting.For(scope), () => observation.WaitingTime += time.GetElapsedTime(sent))
        );
        observation.UpstreamTime += time.GetElapsedTime(sent);
        observation.RewritingTime += scope.RewritingTime;
        observation.IsCspApplied = scope.IsCspApplied;
        observation.Spans?.EndUpstream(time.GetUtcNow());
        // Another address may be asked next, and has another origin of its own.
        request.Headers.Origin = callerSaid;
        return outcome;
    }

    private static async Task AnswerFailureAsync(HttpContext context, ExchangeObservation observation, UpstreamAttempts attempts)
    {
        if ((attempts.HasLostSession ? ErrorCatalog.SessionLost : ErrorOf(observation.Outcome)) is { } error)
        {
            var request = await observation.RequestBody.ReadAndSummarizeAsync(context.RequestAborted);
            var detail = observation.Outcome == ForwardOutcome.CallerBroke ? BrokenBody : attempts.Tried;
            await AnswerAsync(context, observation, error, request, detail);
        }
    }

    private async Task ServeWidgetAsync(HttpContext context, string target, ExchangeObservation observation)
    {
        var scope = new ExchangeScope
        {
            Context = context,
            Message = null,
            Path = RequestTarget.PathOf(target),
            UpstreamOrigin = widgets.Origin ?? CallerOrigin.Of(context.Request, options.CurrentValue.PublicUrl),
            Client = observation.Client,
            PublicUrl = options.CurrentValue.PublicUrl,
        };
        if (await widgets.ServeAsync(scope, target, observation) is { } failure)
        {
            await AnswerAsync(context, observation, failure.Error, request: null, failure.Detail);
        }

        observation.RewritingTime = scope.RewritingTime;
        observation.IsCspApplied = scope.IsCspApplied;
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

    private void Tell(ExchangeObservation observation, string destination)
    {
        var isFirst = true;
        foreach (var record in observation.End(destination, sessions))
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
