using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>Applies the rules about messages to bodies that carry JSON-RPC.</summary>
internal sealed class MessageRewriting(IEnumerable<IMessageRule> rules, IOptionsMonitor<McpProxyOptions> options) : IResponseRule
{
    private readonly IMessageRule[] _rules = [.. rules];

    public bool MayApply(ExchangeScope exchange)
    {
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
            : type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) ? new EventStreamRewriter(Editor(), limit)
            : null;

        MessageEditor Editor() => new([.. _rules.Where(rule => rule.MayApply(exchange))], exchange);
    }
}
