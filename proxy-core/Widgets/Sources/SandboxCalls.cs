using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>
/// Which calls of a foreign origin a port of this machine answers: the sandboxes of hosts may load widgets, and nobody may do more.
/// A WebSocket tells the sources of the page that is being worked on to whoever opens it, and a message would act on the server.
/// </summary>
public sealed class SandboxCalls
{
    /// <summary>
    /// What any page may embed from anywhere without an Origin as well. It runs or shows what it gets, and cannot read it as text.
    /// (Fetch, "request destination", as browsers send it in Sec-Fetch-Dest.)
    /// </summary>
    private static readonly string[] s_embeds = ["script", "style", "font", "image", "audio", "video", "track"];

    private readonly McpRouter _router;

    internal SandboxCalls(McpRouter router)
    {
        _router = router;
    }

    /// <param name="request">A request with an Origin that is not one of this machine.</param>
    public bool Allow(HttpRequest request)
    {
        if (request.Headers.Origin is not [{ } origin] || IsWebSocket(request) || !_router.LoadsFromWidgets(request))
        {
            return false;
        }

        return SandboxOrigin.IsOfHost(origin) || (origin == SandboxOrigin.Opaque && IsEmbed(request));
    }

    private static bool IsWebSocket(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || RequestKind.IsExtendedConnect(request.HttpContext);

    private static bool IsEmbed(HttpRequest request) =>
        s_embeds.Contains(request.Headers["Sec-Fetch-Dest"].ToString(), StringComparer.Ordinal);
}
