using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Errors;

/// <summary>A <see cref="ProxyError"/> for people who look at it in a browser: what happened, what to do, and nothing to load.</summary>
internal static class ErrorPage
{
    public const string ContentType = "text/html; charset=utf-8";

    /// <summary>Whether the caller shows pages. Programs that take anything get the problem document.</summary>
    public static bool IsWantedBy(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static string Write(ProxyError error, string? detail, string requestId)
    {
        var encoder = HtmlEncoder.Default;
        var about = detail is null ? string.Empty : $"<p><code>{encoder.Encode(detail)}</code></p>";
        return $"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>{encoder.Encode(error.Title)}</title>
            <body style="max-width: 40em; margin: 4em auto; padding: 0 1em; font: 1rem/1.5 system-ui, sans-serif">
            <h1 style="font-size: 1.4em">{encoder.Encode(error.Title)}</h1>
            {about}
            <p>What to do: {encoder.Encode(error.Hint)}</p>
            <p><small>mcpr {error.Code}, request {encoder.Encode(requestId)}</small></p>

            """;
    }
}
