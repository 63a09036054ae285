using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>Applies the rules about messages to bodies that carry JSON-RPC.</summary>
internal sealed class MessageRewriting(IEnumerable<IMessageRule> rules, IOptionsMonitor<McpProxyOptions> options) : IResponseRule
{
    private readonly IMessageRule[] _rules = [.. rules];

    public bool MayApply(ExchangeScope exchange)
    {
        if (exchange.IsOfWidgets)
        {
            return false;
        }

        if (MayAnnounce(exchange))
        {
            return true;
        }

        foreach (var rule in _rules)
        {
            if (rule.MayApply(exchange))
            {
                return true;
            }
        }

        return false;
    }

    public IBodyRewriter? Begin(ExchangeScope exchange)
    {
        var limit = options.CurrentValue.MaxInspectedBody;
        var type = exchange.Context.Response.ContentType;
        return type is null ? null
            : type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) ? new JsonBodyRewriter(Editor(), limit)
            : type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase)
                ? new EventStreamRewriter(Editor(), Endpoint(), limit)
            : null;

        EndpointEvent? Endpoint() =>
            MayAnnounce(exchange) ? new EndpointEvent(exchange.Server, exchange.Upstream, KeyInQuery.Of(exchange.Context)) : null;

        MessageEditor Editor() => new([.. _rules.Where(rule => rule.MayApply(exchange))], exchange);
    }

    /// <summary>Whether an HTTP+SSE server could answer with the stream that begins by telling the client where to post.</summary>
    private static bool MayAnnounce(ExchangeScope exchange) =>
        HttpMethods.IsGet(exchange.Context.Request.Method)
        && (
            exchange.Path == exchange.Server.PublicEndpoint
            || exchange.Path.EndsWith("/sse", StringComparison.Ordinal)
            || exchange.Context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase)
        );
}
