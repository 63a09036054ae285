using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Dashboard.Pages;

namespace Tunnel.ProxyCore.Dashboard.Studio;

/// <summary>
/// The origins that widgets are shown from: names below <c>localhost</c>, one for each server, at the dashboard's port, while pages are at <c>127.0.0.1</c>.
/// Cookies do not know ports, but they know hosts, so a widget has none of the dashboard's, and none of what else runs on this machine. Nothing else is
/// served there. <c>localhost</c> itself is for browsers that ask the system for such names, which may not know them.
/// </summary>
internal sealed class WidgetSandbox(RequestDelegate next, PageAssets assets, AllowedHosts allowed)
{
    private const string Host = "localhost";

    private const string Below = ".localhost";

    private const string Path = "/sandbox";

    private const string Script = "/sandbox.js";

    private const int HttpPort = 80;

    /// <summary>A longer policy would not fit the request line.</summary>
    private const int MaxPolicy = 8 * 1024;

    private static readonly SearchValues<char> s_policyCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ;:/?#[]@!$&'()*+=-._~%"
    );

    /// <summary>Where widgets are shown for a page of the dashboard, as sources of a policy.</summary>
    public static string OriginsFor(HttpRequest page)
    {
        var port = page.Host.Port is { } known ? string.Create(CultureInfo.InvariantCulture, $":{known}") : string.Empty;
        return $"http://*{Below}{port} http://{Host}{port}";
    }

    public Task InvokeAsync(HttpContext context) => IsSandbox(context.Request.Host.Host) ? AnswerAsync(context) : next(context);

    private static bool IsSandbox(string host) =>
        host.Equals(Host, StringComparison.OrdinalIgnoreCase) || host.EndsWith(Below, StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers <c>/sandbox?policy=…&amp;page=http://127.0.0.1:4040</c>; a page of the dashboard itself is sent on to where pages are.</summary>
    private Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        return request.Path.Value switch
        {
            Path => ServePageAsync(context),
            Script => ServeAsync(response, assets.Find(assets.Root + "sandbox/sandbox.js")!),
            _ => SendOnAsync(context),
        };
    }

    private Task ServePageAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var policy = query["policy"].ToString();
        var page = query["page"].ToString();
        if (
            policy.Length is 0 or > MaxPolicy
            || policy.AsSpan().ContainsAnyExcept(s_policyCharacters)
            || !Uri.TryCreate(page, UriKind.Absolute, out var origin)
            || !IsDashboard(context.Request, origin)
        )
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        // The widget's frame has no response of its own and inherits this policy. Of two directives the first counts, and that is ours.
        context.Response.Headers.ContentSecurityPolicy = $"frame-ancestors {origin.GetLeftPart(UriPartial.Authority)}; {policy}";
        return ServeAsync(context.Response, assets.Sandbox);
    }

    /// <summary>Other programs of this machine have no business in the frame, nor have widgets of another server, which could read there what this one's have stored.</summary>
    private bool IsDashboard(HttpRequest request, Uri origin) =>
        allowed.AllowsOrigin(origin.OriginalString) && !IsSandbox(origin.IdnHost) && origin.Port == (request.Host.Port ?? HttpPort);

    private static Task ServeAsync(HttpResponse response, PageAsset asset)
    {
        response.ContentType = asset.ContentType;
        response.ContentLength = asset.Content.Length;
        return response.Body.WriteAsync(asset.Content).AsTask();
    }

    private static Task SendOnAsync(HttpContext context)
    {
        var request = context.Request;
        var isPage = request.Headers["Sec-Fetch-Dest"].ToString() is "document" or "";
        if (!isPage)
        {
            // A widget that asks for something of its "own" origin gets what hosts would give it.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var address =
            context.Connection.LocalIpAddress is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } v6
            && !v6.IsIPv4MappedToIPv6
                ? "[::1]"
                : "127.0.0.1";
        var host = request.Host.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{address}:{port}") : address;
        context.Response.Redirect($"http://{host}{request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}");
        return Task.CompletedTask;
    }
}
