using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Names;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Edge;

/// <summary>Sends a visitor's exchange into the tunnel of its name, or answers why it cannot.</summary>
internal sealed partial class TunnelForwarder(
    TunnelRegistry tunnels,
    INameStore names,
    StreamingForwarder forwarder,
    IOptions<RelayOptions> options,
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

        if (tunnels.Find(name) is not { } session)
        {
            await AnswerAsync(context, name, requestBody, await WhyNotOpenAsync(name, context.RequestAborted));
            return;
        }

        ForwardingHeaders.Replace(context.Request, _options.PublicScheme);

        // Every connection can be lost between choosing and using it. Nothing was sent then, so the next one may have the request.
        for (var attempt = 0; attempt < _options.DataConnections; attempt++)
        {
            if (session.InFlight >= _options.MaxRequestsPerTunnel)
            {
                await AnswerAsync(context, name, requestBody, ErrorCatalog.TunnelBusy);
                return;
            }

            if (session.Rent() is not { } connection)
            {
                break;
            }

            ForwardOutcome outcome;
            try
            {
                outcome = await forwarder.SendAsync(context, target, connection.Destination, requestBody);
            }
            finally
            {
                session.Return(connection);
            }

            if (outcome == ForwardOutcome.NotConnected)
            {
                continue;
            }

            if (ErrorOf(outcome) is { } error)
            {
                await AnswerAsync(context, name, requestBody, error);
            }
            else if (outcome == ForwardOutcome.Aborted)
            {
                Log.CutShort(logger, name, context.TraceIdentifier);
            }

            return;
        }

        await AnswerAsync(context, name, requestBody, session.ClosingReason ?? ErrorCatalog.TunnelReconnecting);
    }

    private async ValueTask<ProxyError> WhyNotOpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await names.ExistsAsync(name, cancellationToken) ? ErrorCatalog.TunnelOffline : ErrorCatalog.UnknownName;
        }
        catch (NameStoreUnavailableException)
        {
            return ErrorCatalog.TunnelOffline;
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
