using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Tunnel.ProxyCore.Dashboard.Pages;

/// <summary>Serves the page and its files. Who may have them has been decided before.</summary>
public sealed class PagesEndpoint(PageAssets assets)
{
    /// <summary>Paths are names of versions, so what is there never changes (RFC 8246).</summary>
    private const string ForEver = "private, max-age=31536000, immutable";

    /// <param name="context">A request that is no question to the API.</param>
    /// <param name="sandbox">The origin that widgets are shown from; null where there are none to show.</param>
    public Task ServeAsync(HttpContext context, string? sandbox)
    {
        var request = context.Request;
        var response = context.Response;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        var path = request.Path.Value ?? "/";
        if (assets.Find(path) is { } file)
        {
            response.Headers.CacheControl = ForEver;
            return SendAsync(context, file);
        }

        // Paths of pages have no dot; the rest is a file that is not there, such as one of another version.
        if (path.StartsWith("/assets/", StringComparison.Ordinal) || path.Contains('.', StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentSecurityPolicy = PolicyFor(sandbox);
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return SendAsync(context, assets.Page);
    }

    /// <summary>Nothing but its own files; widgets come from the sandbox's origin, and results of tools may have images and sound in them.</summary>
    private string PolicyFor(string? sandbox) =>
        string.Join(
            "; ",
            "default-src 'none'",
            $"script-src 'self' {assets.ImportMapHash}",
            "style-src 'self'",
            "img-src 'self' data:",
            "media-src data:",
            "connect-src 'self'",
            $"frame-src {sandbox ?? "'none'"}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'"
        );

    private static async Task SendAsync(HttpContext context, PageAsset asset)
    {
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers.ETag = asset.Tag.ToString();
        var known = context.Request.GetTypedHeaders().IfNoneMatch;
        if (known.Any(tag => tag.Compare(asset.Tag, useStrongComparison: false) || tag.Equals(EntityTagHeaderValue.Any)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = asset.ContentType;
        response.ContentLength = asset.Content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(asset.Content, context.RequestAborted);
        }
    }
}
