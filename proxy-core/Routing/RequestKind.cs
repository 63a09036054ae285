using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tunnel.ProxyCore.Routing;

/// <summary>What a method means, with the WebSockets that have another one inside the tunnel.</summary>
internal static class RequestKind
{
    /// <summary>Whether the request only gets something: it is safe (RFC 9110 section 9.2.1) and has no message in its body.</summary>
    public static bool OnlyLoads(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || IsExtendedConnect(context);

    /// <summary>Inside the tunnel a WebSocket is an extended CONNECT (RFC 8441); callers know it as GET and 101.</summary>
    public static bool IsExtendedConnect(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect ?? false;

    /// <summary>Whether the request only asks if a page of another origin may get something.</summary>
    public static bool IsPreflightOfLoad(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin.Count > 0
        && request.Headers.AccessControlRequestMethod.ToString() is { } method
        && (HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
}
