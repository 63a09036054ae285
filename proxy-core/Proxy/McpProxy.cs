using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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
internal sealed class McpProxy(StreamingForwarder forwarder, UpstreamClient upstream, IEnumerable<IExchangeSink> sinks, TimeProvider time)
{
    private readonly IExchangeSink[] _sinks = [.. sinks];

    public async Task HandleAsync(HttpContext context)
    {
        var startedAt = time.GetUtcNow();
        var started = time.GetTimestamp();
        var requestBody = RequestBodyTap.Attach(context);
        var responseBody = ResponseBodyTap.Attach(context);
        ProxyError? error = null;
        var outcome = ForwardOutcome.CallerLeft;
        var upstreamTime = TimeSpan.Zero;
        var target = RequestTarget.OriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        try
        {
            if (target is null)
            {
                error = ErrorCatalog.BadRequest;
                await ErrorResponse.WriteAsync(context, error, ErrorSource.Connector, detail: "the request target names no resource");
                return;
            }

            ForwardingHeaders.LocalizeOwnOrigin(context.Request, upstream.Destination.Origin);
            var sent = time.GetTimestamp();
            outcome = await forwarder.SendAsync(context, target, upstream.Destination, requestBody);
            upstreamTime = time.GetElapsedTime(sent);

            error = ErrorOf(outcome);
            if (error is not null)
            {
                var request = await requestBody.ReadAndSummarizeAsync(context.RequestAborted);
                await ErrorResponse.WriteAsync(context, error, ErrorSource.Connector, request, upstream.Destination.Origin);
            }
        }
        finally
        {
            Record(
                context,
                target ?? "*",
                requestBody,
                responseBody,
                startedAt,
                time.GetElapsedTime(started),
                upstreamTime,
                outcome,
                error
            );
            requestBody.Release();
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

    private void Record(
        HttpContext context,
        string target,
        RequestBodyTap requestBody,
        ResponseBodyTap responseBody,
        DateTimeOffset startedAt,
        TimeSpan total,
        TimeSpan upstreamTime,
        ForwardOutcome outcome,
        ProxyError? error
    )
    {
        if (_sinks.Length == 0)
        {
            return;
        }

        // Inside the tunnel a WebSocket is an extended CONNECT (RFC 8441); the caller knows it as GET and 101.
        var isWebSocket = context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect ?? false;
        var request = requestBody.Summarize();
        var answer = error is null && request is not null ? responseBody.Outcome : null;
        var record = new ExchangeRecord
        {
            StartedAt = startedAt,
            HttpMethod = isWebSocket ? HttpMethods.Get : context.Request.Method,
            Status =
                outcome == ForwardOutcome.CallerLeft && !context.Response.HasStarted ? 0
                : isWebSocket && context.Response.StatusCode == StatusCodes.Status200OK ? StatusCodes.Status101SwitchingProtocols
                : context.Response.StatusCode,
            IsCutShort = outcome is ForwardOutcome.CallerLeft or ForwardOutcome.Aborted,
            RequestBytes = requestBody.BytesRead,
            ResponseBytes = responseBody.BytesWritten,
            Total = total,
            Upstream = upstreamTime,
            McpMethod = request?.Method,
            Name = request?.Name,
            ErrorCode = answer?.ErrorCode,
            ErrorMessage = answer?.ErrorMessage,
            IsToolError = answer?.IsToolError ?? false,
            ProxyError = error?.Code,
            Target = upstream.Destination.Origin + RequestTarget.PathOf(target),
        };
        foreach (var sink in _sinks)
        {
            sink.Record(record);
        }
    }
}
