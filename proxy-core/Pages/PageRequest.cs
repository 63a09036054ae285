using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Pages;

/// <summary>Tells people who look from programs that call.</summary>
internal static class PageRequest
{
    private const string Html = "text/html";

    /// <summary>Whether the caller shows pages. Programs that take anything get something for programs.</summary>
    public static bool AcceptsPages(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains(Html, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether somebody opened the URL in a browser: it wants a page before anything else, and does not load for a page that is there already.
    /// </summary>
    public static bool IsVisit(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) || !StartsWithHtml(request.Headers.Accept.ToString()))
        {
            return false;
        }

        var mode = request.Headers["Sec-Fetch-Mode"].ToString();
        return mode.Length == 0 || mode == "navigate";
    }

    private static bool StartsWithHtml(string accept) => accept.AsSpan().TrimStart().StartsWith(Html, StringComparison.OrdinalIgnoreCase);
}
