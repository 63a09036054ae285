using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Dashboard.Access;

/// <summary>
/// Tells questions of the dashboard's own pages from those of others. A cookie alone says nothing about them: other ports of this machine, and other names
/// below a domain, are the same site for a browser.
/// </summary>
public static class OwnPages
{
    /// <summary>A page of another origin cannot send it without being asked first, and nobody here answers that.</summary>
    public const string PostHeader = "mcpr-dashboard";

    /// <summary>Answers are to be read by scripts; what is to be shown has a policy of its own.</summary>
    private const string Policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>Whether no page of another origin asks. A link in a mail may lead here, and nothing else of another page.</summary>
    /// <param name="request">The question.</param>
    /// <param name="origin">The dashboard's own, such as <c>http://127.0.0.1:4040</c>.</param>
    public static bool MayAsk(HttpRequest request, string origin)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var isNavigation = HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate";
        return (request.Headers.Origin.Count == 0 || IsOrigin(request, origin)) && (site is "" or "same-origin" or "none" || isNavigation);
    }

    /// <summary>Whether the browser says itself that a page of this origin sends this.</summary>
    /// <inheritdoc cref="MayAsk"/>
    public static bool IsSentBy(HttpRequest request, string origin) =>
        MayAsk(request, origin) && (IsOrigin(request, origin) || request.Headers["Sec-Fetch-Site"] == "same-origin");

    public static void WriteHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private static bool IsOrigin(HttpRequest request, string origin) =>
        string.Equals(request.Headers.Origin.ToString(), origin, StringComparison.OrdinalIgnoreCase);
}
