using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Routing;

/// <summary>
/// Decides who answers: the MCP server that has the path, or the widgets, where there are any, for what is not MCP. Servers with a name keep
/// everything below it; so it is the server without a name that shares its paths with the widgets.
/// </summary>
internal sealed class McpRouter(McpServers servers, OAuthPaths authorization, IOptions<McpProxyOptions> options)
{
    private readonly bool _hasWidgets = options.Value.HasWidgets;

    /// <param name="request">The head of the request.</param>
    /// <param name="target">Its target in origin form.</param>
    /// <param name="message">The JSON-RPC message of a POST, or null where there is none.</param>
    public Route Route(HttpRequest request, string target, JsonRpcSummary? message)
    {
        var path = RequestTarget.PathOf(target);
        var server = servers.Find(path);
        if (_hasWidgets && message is null && server?.Name is null && !McpTraffic.Includes(request, path, server, authorization))
        {
            return new Route(Server: null, IsToWidgets: true, target);
        }

        return new Route(server, IsToWidgets: false, server?.TargetOf(target, message) ?? target);
    }

    /// <summary>Whether a request goes to the widgets to load something, told before its body is read: what could carry a message is none.</summary>
    public bool LoadsFromWidgets(HttpRequest request) =>
        _hasWidgets
        && (RequestKind.OnlyLoads(request.HttpContext) || RequestKind.IsPreflightOfLoad(request))
        && RequestTarget.OriginForm(request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is { } target
        && Route(request, target, message: null).IsToWidgets;
}
