using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.ProxyCore.Routing;

/// <summary>
/// Decides by protocol, not by path: a JSON-RPC POST goes to the server's endpoint whatever path the client was given,
/// unless the server itself announced that path. Everything else keeps its target.
/// </summary>
internal sealed class McpRouter(IOptions<McpProxyOptions> options, AnnouncedEndpoints announced)
{
    private readonly string _endpoint = options.Value.Upstream!.AbsolutePath;

    /// <param name="target">The request target in origin form.</param>
    /// <param name="message">The JSON-RPC message of a POST, or null where there is none.</param>
    /// <returns>The target to ask the server for.</returns>
    public string Route(string target, JsonRpcSummary? message)
    {
        if (message is null)
        {
            return target;
        }

        var path = RequestTarget.PathOf(target);
        return path == _endpoint || announced.Contains(path) || IsEventStreamEndpoint ? target : _endpoint + target[path.Length..];
    }

    /// <summary>Called for every response: an event stream may tell where its client is to post.</summary>
    public LegacyEndpointReader? Watch(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true
            ? new LegacyEndpointReader(announced.Add)
            : null;

    // With --mcp http://host/sse the endpoint takes no POST at all; until one is announced the client's own path is the best guess.
    private bool IsEventStreamEndpoint => _endpoint.EndsWith("/sse", StringComparison.Ordinal);
}
