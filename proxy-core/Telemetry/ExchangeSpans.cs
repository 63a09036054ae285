using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.JsonRpc;

namespace Tunnel.ProxyCore.Telemetry;

/// <summary>
/// The spans of one JSON-RPC message: SERVER for what the caller sees, CLIENT below it for the way to the MCP server. A batch is one HTTP
/// exchange, so its spans are named after its first message. Nothing of it exists while nobody listens.
/// </summary>
internal sealed class ExchangeSpans
{
    // A URI is data too; one that is longer is more likely to be only that.
    private const int MaxUriLength = 256;

    private readonly Activity _server;
    private readonly JsonRpcSummary _message;
    private Activity? _client;

    private ExchangeSpans(Activity server, JsonRpcSummary message)
    {
        _server = server;
        _message = message;
    }

    /// <returns>Null where nobody listens, or where there is no method to name a span after.</returns>
    public static ExchangeSpans? Begin(HttpContext context, JsonRpcSummary? message, DateTimeOffset startedAt)
    {
        if (message?.Method is not { } method || !McpTelemetry.Source.HasListeners())
        {
            return null;
        }

        var http = Activity.Current?.Context;
        ActivityLink[] links = [];
        var parent = http ?? default;
        if (ActivityContext.TryParse(message.TraceParent, message.TraceState, isRemote: true, out var remote))
        {
            // The message tells its own parent; the HTTP request that brought it is only linked.
            parent = remote;
            links = http is { } ambient ? [new ActivityLink(ambient)] : links;
        }

        var server = McpTelemetry.Source.StartActivity(NameOf(method, message), ActivityKind.Server, parent, tags: null, links, startedAt);
        if (server is null)
        {
            return null;
        }

        server.SetTag(McpConventions.NetworkVersion, ExchangeObservation.HttpVersionOf(context.Request.Protocol));
        server.SetTag(McpConventions.ClientAddress, ForwardingHeaders.ClientOf(context.Request)?.ToString());
        return new ExchangeSpans(server, message);
    }

    /// <summary>The request goes to the server; what happens on the way is below this span.</summary>
    public void BeginUpstream(string origin)
    {
        _client = McpTelemetry.Source.StartActivity(_server.DisplayName, ActivityKind.Client, _server.Context);
        if (_client is not null && Uri.TryCreate(origin, UriKind.Absolute, out var server))
        {
            _client.SetTag(McpConventions.NetworkVersion, "1.1");
            _client.SetTag(McpConventions.ServerAddress, server.Host);
            _client.SetTag(McpConventions.ServerPort, server.Port);
        }
    }

    /// <summary>The response went through, or failed to.</summary>
    public void EndUpstream(DateTimeOffset now) => _client?.SetEndTime(now.UtcDateTime);

    /// <summary>All is known.</summary>
    public void End(ExchangeRecord exchange)
    {
        if (_client is not null)
        {
            Describe(_client, exchange);
            _client.Dispose();
        }

        Describe(_server, exchange);
        _server.Dispose();
    }

    private static string NameOf(string method, JsonRpcSummary message)
    {
        var known = McpConventions.MethodOf(method);
        return McpConventions.NameAttributeOf(known) is not null && message.Name is { } name ? $"{known} {name}" : known;
    }

    private void Describe(Activity span, ExchangeRecord exchange)
    {
        var method = exchange.McpMethod!;
        span.SetTag(McpConventions.Method, method);
        span.SetTag(McpConventions.Session, exchange.Session);
        span.SetTag(McpConventions.ProtocolVersion, exchange.ProtocolVersion);
        span.SetTag(McpConventions.RequestId, _message.Id?.Trim('"'));
        span.SetTag(McpConventions.Transport, "tcp");
        span.SetTag(McpConventions.NetworkProtocol, "http");
        if (McpConventions.NameAttributeOf(method) is { } nameAttribute)
        {
            span.SetTag(nameAttribute, exchange.Name);
        }

        if (method == "tools/call")
        {
            span.SetTag(McpConventions.Operation, McpConventions.ExecuteTool);
        }

        if (_message.ResourceUri is { Length: <= MaxUriLength } uri)
        {
            span.SetTag(McpConventions.ResourceUri, uri);
        }

        if (exchange.ErrorCode is not null)
        {
            span.SetTag(McpConventions.ResponseCode, exchange.Failure);
        }

        if (exchange.Failure is { } failure)
        {
            span.SetTag(McpConventions.ErrorType, failure);
            span.SetStatus(ActivityStatusCode.Error, exchange.ErrorMessage);
        }
    }
}
