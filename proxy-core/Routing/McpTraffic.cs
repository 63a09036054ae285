using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Routing;

/// <summary>
/// Tells by the head of a request without a JSON-RPC message whether it belongs to MCP all the same: a stream, the end of a session,
/// discovery, authorization, or the preflight of one of them.
/// </summary>
internal static class McpTraffic
{
    private const string EventStream = "text/event-stream";
    private const string ProtocolHeaderPrefix = "mcp-";

    /// <param name="request">The request; its path is not looked at.</param>
    /// <param name="path">The path as the caller wrote it.</param>
    /// <param name="server">The server without a name, if there is one.</param>
    /// <param name="authorization">What servers announced of OAuth.</param>
    public static bool Includes(HttpRequest request, string path, McpServer? server, OAuthPaths authorization) =>
        (server is not null && (IsEndpoint(path, server.PublicEndpoint) || server.Announced.Contains(path)))
        || path.Contains(WellKnown.Root, StringComparison.Ordinal)
        || authorization.IsEndpoint(path)
        || authorization.IsDocument(path)
        || IsLegacyStream(request, path)
        || IsSession(request)
        || IsPreflightOfProtocol(request);

    // Only MCP clients have one.
    private static bool IsSession(HttpRequest request) => request.Headers.ContainsKey(HostHeaders.SessionId);

    private static bool IsEndpoint(string path, string endpoint) =>
        path.StartsWith(endpoint, StringComparison.Ordinal) && (path.Length == endpoint.Length || path[endpoint.Length..] == "/");

    // Servers that speak both transports offer the older one here. Dev servers stream events too, under names of their own.
    private static bool IsLegacyStream(HttpRequest request, string path) =>
        path.EndsWith("/sse", StringComparison.Ordinal)
        && HttpMethods.IsGet(request.Method)
        && request.Headers.Accept.ToString().Contains(EventStream, StringComparison.OrdinalIgnoreCase);

    private static bool IsPreflightOfProtocol(HttpRequest request)
    {
        if (!HttpMethods.IsOptions(request.Method))
        {
            return false;
        }

        foreach (var name in request.Headers.GetCommaSeparatedValues(HeaderNames.AccessControlRequestHeaders))
        {
            if (name.StartsWith(ProtocolHeaderPrefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
