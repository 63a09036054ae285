using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Dashboard.Api;
using Tunnel.ProxyCore.Pages;

namespace Tunnel.ProxyCore.Dashboard.Access;

/// <summary>
/// Lets in who has the cookie, from the dashboard's own pages. Pages of other ports of this machine are the same site for a browser, so that the cookie alone
/// says nothing about them: <c>Origin</c> and <c>Sec-Fetch-Site</c> do.
/// </summary>
internal sealed class DashboardGate(RequestDelegate next, DashboardKey key, AllowedHosts allowed)
{
    private const string Token = "t";

    public Task InvokeAsync(HttpContext context)
    {
        // Looking is no traffic.
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } tags)
        {
            tags.MetricsDisabled = true;
        }

        OwnPages.WriteHeaders(context.Response.Headers);
        var request = context.Request;
        if (!allowed.Allows(request.Host) || !OwnPages.MayAsk(request, $"http://{request.Host.Value}"))
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
            return RefuseAsync(context, "open the URL that mcpr has printed last; each of them lets one browser in");
        }

        return !HttpMethods.IsGet(request.Method) && !request.Headers.ContainsKey(OwnPages.PostHeader)
            ? ApiAnswer.FailAsync(context, StatusCodes.Status403Forbidden, $"the header {OwnPages.PostHeader} is missing")
            : next(context);
    }

    private static Task RefuseAsync(HttpContext context, string problem) =>
        PageRequest.IsVisit(context.Request)
            ? KeylessPage.AnswerAsync(context, problem)
            : ApiAnswer.FailAsync(context, StatusCodes.Status401Unauthorized, problem);

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
            return RefuseAsync(context, "this URL was used already; mcpr has printed another one in its place");
        }

        // Without the token, which has no business in a history.
        var rest = QueryString.Create(context.Request.Query.Where(pair => pair.Key != Token));
        response.StatusCode = StatusCodes.Status303SeeOther;
        // A path that begins with two slashes would lead to another host.
        response.Headers.Location = new PathString($"/{context.Request.Path.Value?.TrimStart('/', '\\')}").ToUriComponent() + rest;
        return Task.CompletedTask;
    }
}
