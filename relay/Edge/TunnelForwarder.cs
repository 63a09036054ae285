using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Stopping;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Edge;

/// <summary>Sends a visitor's exchange into the tunnel of its name, or answers why it cannot.</summary>
internal sealed partial class TunnelForwarder(
    TunnelRegistry tunnels,
    AwayNames away,
    RequestHold hold,
    RunningExchanges exchanges,
    StreamingForwarder forwarder,
    IOptions<RelayOptions> options,
    TimeProvider time,
    ILogger<TunnelForwarder> logger
)
{
    private readonly RelayOptions _options = options.Value;

    public async Task ForwardAsync(HttpContext context, string name, RequestBodyTap requestBody)
    {
        var target = RequestTarget.OriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (target is null)
        {
            await AnswerAsync(context, name, requestBody, ErrorCatalog.BadRequest, "the request target names no resource");
            return;
        }

        var group = tunnels.Find(name);
        if (group is null)
        {
            (group, var unknown) = await away.FindAsync(name, context.RequestAborted);
            if (group is null)
            {
                await AnswerAsync(context, name, requestBody, unknown!);
                return;
            }
        }

        ForwardingHeaders.Replace(context.Request, context.Request.Scheme);
        exchanges.Enter();
        try
        {
            if (await SendAsync(context, group, target, requestBody) is { } error)
            {
                await AnswerAsync(context, name, requestBody, error);
            }
        }
        finally
        {
            exchanges.Leave();
        }
    }

    /// <summary>Sends the request as soon as there is a connection, and on another one as long as nobody has begun to work on it.</summary>
    /// <returns>Why there is no answer yet, or null when there is nothing left to say.</returns>
    private async ValueTask<ProxyError?> SendAsync(HttpContext context, TunnelGroup group, string target, RequestBodyTap requestBody)
    {
        var arrivedAt = time.GetTimestamp();
        while (true)
        {
            if (group.Rent(out var back) is not { } rented)
            {
                switch (await hold.WaitAsync(group, back, arrivedAt, context))
                {
                    case HoldOutcome.Released when tunnels.Find(group.Name) is { } current:
                        group = current;
                        continue;
                    case HoldOutcome.CallerLeft:
                        return null;
                    case HoldOutcome.Refused:
                        return ErrorCatalog.TooManyHeld;
                    case HoldOutcome.Expired:
                        return ErrorCatalog.TunnelReconnecting;
                    default:
                        return ErrorCatalog.TunnelOffline;
                }
            }

            ForwardOutcome outcome;
            try
            {
                if (rented.Session.InFlight > _options.MaxRequestsPerTunnel)
                {
                    return ErrorCatalog.TunnelBusy;
                }

                outcome = await forwarder.SendAsync(context, target, rented.Connection.Destination, requestBody);
            }
            finally
            {
                rented.Return();
            }

            Judge(rented.Session, outcome, context.Response);
            if (outcome != ForwardOutcome.NotConnected)
            {
                LogIfCutShort(context, group.Name, outcome);
                return ErrorOf(outcome);
            }

            if (!requestBody.TryRewind())
            {
                // Nobody worked on it, but what was read of the body cannot be had again.
                return ErrorCatalog.TunnelReconnecting;
            }
        }
    }

    /// <summary>Where several connectors share a name, the others are asked first while one fails.</summary>
    private void Judge(TunnelSession session, ForwardOutcome outcome, HttpResponse response)
    {
        var failed =
            outcome is ForwardOutcome.Broke or ForwardOutcome.TimedOut or ForwardOutcome.NotConnected
            || response.Headers[ErrorResponse.CodeHeader] == ErrorCatalog.UpstreamUnreachable.Code;
        if (failed)
        {
            session.Health.Failed(time);
        }
        else
        {
            session.Health.Succeeded();
        }
    }

    private void LogIfCutShort(HttpContext context, string name, ForwardOutcome outcome)
    {
        if (outcome == ForwardOutcome.Aborted)
        {
            Log.CutShort(logger, name, context.TraceIdentifier);
        }
    }

    private static ProxyError? ErrorOf(ForwardOutcome outcome) =>
        outcome switch
        {
            ForwardOutcome.CallerBroke => ErrorCatalog.BadRequest,
            ForwardOutcome.TimedOut => ErrorCatalog.ConnectorSilent,
            ForwardOutcome.Broke => ErrorCatalog.TunnelBroke,
            _ => null,
        };

    private async Task AnswerAsync(HttpContext context, string name, RequestBodyTap requestBody, ProxyError error, string? detail = null)
    {
        Log.Failed(logger, name, context.TraceIdentifier, context.Request.Method, error.Status, error.Code);
        var request = await requestBody.ReadAndSummarizeAsync(context.RequestAborted);
        await ErrorResponse.WriteAsync(context, error, ErrorSource.Edge, request, detail);
    }

    private static partial class Log
    {
        [LoggerMessage(
            2001,
            LogLevel.Information,
            "request failed name={Name} rid={RequestId} method={Method} status={Status} code={Code}",
            EventName = "RequestFailed"
        )]
        public static partial void Failed(ILogger logger, string name, string requestId, string method, int status, string code);

        [LoggerMessage(2002, LogLevel.Information, "response cut short name={Name} rid={RequestId}", EventName = "ResponseCutShort")]
        public static partial void CutShort(ILogger logger, string name, string requestId);
    }
}
