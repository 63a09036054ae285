using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Yarp.ReverseProxy.Forwarder;

namespace Tunnel.Relay.Edge;

/// <summary>What is counted, logged and answered when a visitor's exchange is over.</summary>
internal sealed partial class EdgeOutcomes(RelayMetrics metrics, ILogger<EdgeOutcomes> logger)
{
    /// <param name="context">The exchange.</param>
    /// <param name="name">The name it is for.</param>
    /// <param name="outcome">How sending it on ended.</param>
    /// <param name="broke">What to say when the next hop broke.</param>
    /// <returns>What is left to say.</returns>
    public ProxyError? Conclude(HttpContext context, string name, ForwardOutcome outcome, ProxyError broke)
    {
        metrics.Forwarded(outcome);
        switch (outcome)
        {
            case ForwardOutcome.Aborted:
                Log.CutShort(logger, name, context.TraceIdentifier);
                return null;
            case ForwardOutcome.Broke:
                Log.Broke(logger, name, context.TraceIdentifier, CauseOf(context));
                return broke;
            case ForwardOutcome.CallerBroke:
                return ErrorCatalog.BadRequest;
            case ForwardOutcome.TimedOut:
                return ErrorCatalog.ConnectorSilent;
            default:
                return null;
        }
    }

    public async Task AnswerAsync(HttpContext context, string name, RequestBodyTap requestBody, ProxyError error, string? detail = null)
    {
        Log.Failed(logger, name, context.TraceIdentifier, context.Request.Method, error.Status, error.Code);
        var request = await requestBody.ReadAndSummarizeAsync(context.RequestAborted);
        await ErrorResponse.WriteAsync(context, error, ErrorSource.Edge, request, detail);
    }

    private static string CauseOf(HttpContext context) =>
        context.GetForwarderErrorFeature()?.Exception switch
        {
            null => "unknown",
            AggregateException several => string.Join("; ", several.InnerExceptions.Select(one => one.GetBaseException().Message)),
            var one => one.GetBaseException().Message,
        };

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

        [LoggerMessage(2003, LogLevel.Information, "next hop broke name={Name} rid={RequestId} cause={Cause}", EventName = "NextHopBroke")]
        public static partial void Broke(ILogger logger, string name, string requestId, string cause);
    }
}
