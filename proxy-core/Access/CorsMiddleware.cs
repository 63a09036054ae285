using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Access;

/// <summary>
/// Lets pages of other origins read what they get, errors of ours included, and answers their preflights. A server that says anything
/// about origins itself keeps its word. What widgets load is for the pages of hosts, whatever the policy says.
/// </summary>
internal sealed class CorsMiddleware(RequestDelegate next, McpRouter router, IOptionsMonitor<McpProxyOptions> options, CallRefuser refuser)
{
    public Task InvokeAsync(HttpContext context)
    {
        var policy = options.CurrentValue.Cors;
        if (!policy.IsEnabled || router.LoadsFromWidgets(context.Request))
        {
            return next(context);
        }

        // Now: on its way to the server the header may change.
        var origin = context.Request.Headers.Origin.ToString();
        if (IsPreflight(context.Request, origin))
        {
            return AnswerAsync(context, policy, origin);
        }

        if (origin.Length > 0 || IsCached(context.Request.Method))
        {
            context.Response.OnStarting(() =>
            {
                Complete(context.Response.Headers, policy, origin);
                return Task.CompletedTask;
            });
        }

        return next(context);
    }

    private static bool IsCached(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    /// <summary>Any other OPTIONS is the server's.</summary>
    private static bool IsPreflight(HttpRequest request, string origin) =>
        origin.Length > 0 && HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0;

    private Task AnswerAsync(HttpContext context, CorsPolicy policy, string origin)
    {
        if (!policy.Allows(origin))
        {
            return refuser.RefuseAsync(context, ErrorCatalog.OriginNotListed, $"Origin is {origin}");
        }

        var headers = context.Response.Headers;
        AllowOrigin(headers, policy, origin);
        headers.AccessControlAllowMethods = string.Join(", ", policy.Methods);
        var asked = context.Request.Headers.GetCommaSeparatedValues(HeaderNames.AccessControlRequestHeaders);
        headers.AccessControlAllowHeaders = policy.Allowed(asked);
        if (policy.MaxAge is { } age)
        {
            headers.AccessControlMaxAge = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        headers.Vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static void Complete(IHeaderDictionary headers, CorsPolicy policy, string origin)
    {
        var variesByOrigin = headers.GetCommaSeparatedValues(HeaderNames.Vary).Any(name => name is "*" || IsOrigin(name));

        // A server that varies by origin and allows nothing has looked at this one and said no.
        if (headers.AccessControlAllowOrigin.Count > 0 || variesByOrigin)
        {
            return;
        }

        if (origin.Length > 0 && policy.Allows(origin))
        {
            AllowOrigin(headers, policy, origin);
            if (headers.AccessControlExposeHeaders.Count == 0)
            {
                headers.AccessControlExposeHeaders = policy.Exposed();
            }
        }

        // Caches must not hand a page the answer that something else got.
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
    }

    private static void AllowOrigin(IHeaderDictionary headers, CorsPolicy policy, string origin)
    {
        if (policy.AllowsAny)
        {
            // Never with credentials: any page there is could act as the person in front of it.
            headers.AccessControlAllowOrigin = "*";
            return;
        }

        headers.AccessControlAllowOrigin = origin;
        if (policy.AllowsCredentials)
        {
            headers.AccessControlAllowCredentials = "true";
        }
    }

    private static bool IsOrigin(string name) => name.Equals(HeaderNames.Origin, StringComparison.OrdinalIgnoreCase);
}
