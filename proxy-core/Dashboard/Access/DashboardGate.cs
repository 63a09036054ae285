using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Dashboard.Api;

namespace Tunnel.ProxyCore.Dashboard.Access;

/// <summary>
/// Lets in who has the cookie, from the dashboard's own pages. Pages of other ports of this machine are the same site for a browser, so that the cookie alone
/// says nothing about them: <c>Origin</c> and <c>Sec-Fetch-Site</c> do.
/// </summary>
internal sealed class DashboardGate(RequestDelegate next, DashboardKey key, AllowedHosts allowed)
{
    /// <summary>A page of another origin cannot send it without being asked first, and nobody here answers that.</summary>
    private const string PostHeader = "mcpr-dashboard";

    private const string Token = "t";

    /// <summary>Answers are to be read by scripts; what is to be shown has a policy of its own.</summary>
    private const string Policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        // Looking is no traffic.
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } tags)
        {
            tags.MetricsDisabled = true;
        }

        WriteHeaders(context.Response.Headers);
        var request = context.Request;
        if (!IsFromHere(request))
        {
            return ApiAnswer.FailAsync(context, StatusCodes.Status403Forbidden, "Host or Origin is not that of the dashboard");
        }

        var cookie = string.Create(CultureInfo.InvariantCulture, $"mcpr_dashboard_{context.Connection.LocalPort}");
        if (HttpMethods.IsGet(request.Method) && request.Query.TryGetValue(Token, out var token))
        {
            return EnterAsync(context, cookie, token.ToString());
        }

        if (!key.IsCookie(request.Cookies[cookie]))
        {
            return ApiAnswer.FailAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "open the URL that mcpr has printed last; each of them lets one browser in"
            );
        }

        return !HttpMethods.IsGet(request.Method) && !request.Headers.ContainsKey(PostHeader)
            ? ApiAnswer.FailAsync(context, StatusCodes.Status403Forbidden, $"the header {PostHeader} is missing")
            : next(context);
    }

    private static void WriteHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private bool IsFromHere(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        // A link in a mail may lead here, and nothing else of another page.
        var isNavigation = HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate";
        return allowed.Allows(request.Host)
            && (origin.Count == 0 || string.Equals(origin.ToString(), $"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
            && (site is "" or "same-origin" or "none" || isNavigation);
    }

    private Task EnterAsync(HttpContext context, string cookie, string token)
    {
        var response = context.Response;
        if (key.TryUse(token))
        {
            response.Cookies.Append(
                cookie,
                key.Cookie,
                new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Strict,
                    Path = "/",
                    IsEssential = true,
                }
            );
        }
        else if (!key.IsCookie(context.Request.Cookies[cookie]))
        {
            return ApiAnswer.FailAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "this URL was used already; mcpr has printed another one in its place"
            );
        }

        // Without the token, which has no business in a history.
        var rest = QueryString.Create(context.Request.Query.Where(pair => pair.Key != Token));
        response.StatusCode = StatusCodes.Status303SeeOther;
        // A path that begins with two slashes would lead to another host.
        response.Headers.Location = new PathString($"/{context.Request.Path.Value?.TrimStart('/', '\\')}").ToUriComponent() + rest;
        return Task.CompletedTask;
    }
}
