using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Dashboard.Access;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Dashboard.Studio;

/// <summary>
/// Sends what Studio says to a server, and streams back what it answers, the whole way that calls from outside go: they are recorded,
/// rewritten and held against the rules alike. Who has the dashboard needs no key for it.
/// </summary>
internal sealed class StudioCalls(McpProxy proxy, IOptionsMonitor<McpProxyOptions> options, IEnumerable<IPublicAddress> addresses)
{
    private const string UserAgent = "mcpr-studio";

    /// <summary>What the browser says to the dashboard, and no server is to hear.</summary>
    private static readonly string[] s_browserHeaders =
    [
        HeaderNames.Cookie,
        HeaderNames.Origin,
        HeaderNames.Referer,
        HeaderNames.AcceptLanguage,
        HeaderNames.CacheControl,
        HeaderNames.Pragma,
        HeaderNames.DNT,
        "Priority",
        OwnPages.PostHeader,
    ];

    /// <summary>What a server says to a browser, and would say to the dashboard's own origin here.</summary>
    private static readonly string[] s_originHeaders =
    [
        HeaderNames.SetCookie,
        "Clear-Site-Data",
        HeaderNames.StrictTransportSecurity,
        "Refresh",
        "Service-Worker-Allowed",
        HeaderNames.Location,
    ];

    /// <param name="context">A request whose method, body and MCP headers are for the server.</param>
    /// <param name="server">Which one.</param>
    public Task SendAsync(HttpContext context, McpServer server)
    {
        Readdress(context, server);
        context.Response.OnStarting(KeepFromOrigin, context.Response.Headers);
        return proxy.HandleAsync(context, server);
    }

    private void Readdress(HttpContext context, McpServer server)
    {
        var request = context.Request;
        foreach (var header in s_browserHeaders)
        {
            request.Headers.Remove(header);
        }

        foreach (var header in request.Headers.Keys.Where(IsOfFetch).ToArray())
        {
            request.Headers.Remove(header);
        }

        request.Headers.UserAgent = UserAgent;
        request.Path = server.PublicEndpoint;
        request.QueryString = QueryString.Empty;
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = server.PublicEndpoint;
        // As hosts outside would call it, so that widgets are what hosts would get.
        var address = options.CurrentValue.PublicUrl ?? addresses.Select(one => one.Current).FirstOrDefault(one => one is not null);
        if (address is not null)
        {
            request.Host = new HostString(address.Authority);
        }

        ForwardingHeaders.Replace(request, address?.Scheme ?? request.Scheme);
    }

    // Fetch metadata and client hints.
    private static bool IsOfFetch(string header) => header.StartsWith("Sec-", StringComparison.OrdinalIgnoreCase);

    private static Task KeepFromOrigin(object state)
    {
        var headers = (IHeaderDictionary)state;
        foreach (var header in s_originHeaders)
        {
            headers.Remove(header);
        }

        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        return Task.CompletedTask;
    }
}
