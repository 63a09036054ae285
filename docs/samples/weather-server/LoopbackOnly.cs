using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace WeatherServer;

/// <summary>
/// Refuses requests that a web page of another site could have sent, be it under its own name (Origin) or under one that it
/// made to resolve to this machine (Host, "DNS rebinding").
/// </summary>
internal static class LoopbackOnly
{
    public static void UseLoopbackOnly(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                var headers = context.Request.Headers;
                if (IsLoopback(context.Request.Host.Host) && (headers.Origin.Count == 0 || IsLoopbackOrigin(headers.Origin.ToString())))
                {
                    await next(context);
                    return;
                }

                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                await context.Response.WriteAsync("only loopback hosts and origins are served\n", context.RequestAborted);
            }
        );

    private static bool IsLoopbackOrigin(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsLoopback(uri.Host);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
