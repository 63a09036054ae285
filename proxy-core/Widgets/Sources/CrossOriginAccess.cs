using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>
/// Lets pages of any origin load what widgets are made of (Fetch, "CORS protocol"). Hosts run a widget in a sandbox with an origin of its
/// own, and module scripts, fonts and fetches are cross-origin there: without this the widget stays blank. Credentials are never granted,
/// so nobody reads more than a plain request without cookies would get.
/// </summary>
internal static class CrossOriginAccess
{
    private const string ResourcePolicy = "Cross-Origin-Resource-Policy";

    /// <summary>How long browsers may remember a preflight, in seconds.</summary>
    private const string MaxAge = "600";

    /// <summary>Completes the response when it starts. What the source itself says about other origins stays.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="sourceOrigin">The origin that the source takes for its own, and callers cannot have.</param>
    public static void Grant(HttpContext context, string? sourceOrigin) =>
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            if (!headers.ContainsKey(ResourcePolicy))
            {
                headers[ResourcePolicy] = "cross-origin";
            }

            // A source that was shown its own origin in place of the sandbox's answers for that one.
            var allowed = headers.AccessControlAllowOrigin.ToString();
            if (allowed.Length == 0 || allowed.Equals(sourceOrigin, StringComparison.OrdinalIgnoreCase))
            {
                headers.AccessControlAllowOrigin = "*";
                headers.Remove(HeaderNames.AccessControlAllowCredentials);
            }

            return Task.CompletedTask;
        });

    /// <summary>Answers the question whether another origin may load something. Questions about other methods are none for widgets.</summary>
    public static bool TryAnswerPreflight(HttpContext context)
    {
        if (!RequestKind.IsPreflightOfLoad(context.Request))
        {
            return false;
        }

        var response = context.Response;
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.AccessControlAllowMethods = "GET, HEAD";
        response.Headers.AccessControlAllowHeaders = "*";
        response.Headers.AccessControlMaxAge = MaxAge;
        return true;
    }
}
