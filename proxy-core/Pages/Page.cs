using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Tunnel.ProxyCore.Pages;

/// <summary>What all pages of our own have in common: one style, light and dark, nothing to load and nothing to run.</summary>
internal static class Page
{
    public const string ContentType = "text/html; charset=utf-8";

    private const string Style = """
        :root { color-scheme: light dark; --ink: #1c2330; --soft: #566072; --paper: #ffffff; --box: #f2f4f8; --line: #d5dae3; --mark: #0b5cad; --bad: #b3261e }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e8ebf1; --soft: #a3acbd; --paper: #12151b; --box: #1c212b; --line: #343c4b; --mark: #7db8ff; --bad: #ff9b92 }
        }
        * { box-sizing: border-box }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif }
        main { max-width: 44rem; margin: 0 auto; padding: 2.5rem 1.25rem 3rem }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem }
        h2 { font-size: 1.05rem; margin: 0 0 .35rem }
        p { margin: 0 0 .75rem }
        code, pre { font: .9rem/1.5 ui-monospace, monospace }
        pre { margin: 0; padding: .7rem .85rem; background: var(--box); border: 1px solid var(--line); border-radius: .45rem; white-space: pre-wrap; overflow-wrap: anywhere; user-select: all }
        pre.url { font-size: 1rem; font-weight: 600; margin-bottom: 1.25rem }
        section { padding: 1.1rem 0; border-top: 1px solid var(--line) }
        section p:last-child { margin-bottom: 0 }
        .note { margin-bottom: 1.25rem; padding: .7rem .85rem; border-left: .25rem solid var(--mark); background: var(--box) }
        pre + p { margin-top: 1rem }
        footer { margin-top: 1.25rem; padding-top: 1.1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; overflow-wrap: anywhere }
        ol.way { display: flex; list-style: none; margin: 1.5rem 0; padding: 0; color: var(--soft); font-size: .875rem }
        ol.way li { flex: 1; text-align: center; position: relative }
        ol.way li::before { content: ""; display: block; width: .9rem; height: .9rem; margin: 0 auto .35rem; border: 2px solid var(--soft); border-radius: 50%; background: var(--paper); position: relative; z-index: 1 }
        ol.way li + li::after { content: ""; position: absolute; top: .4rem; right: 50%; width: 100%; border-top: 2px solid var(--line) }
        ol.way li.broken { color: var(--bad); font-weight: 600 }
        ol.way li.broken::before { content: "\00d7"; border-color: var(--bad); line-height: .7rem; font-size: .9rem }
        """;

    // The style itself is allowed by its hash, and nothing else by anything.
    private static readonly string s_policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <param name="title">What it is about.</param>
    /// <param name="content">The HTML below the heading.</param>
    public static byte[] Write(string title, string content)
    {
        var heading = HtmlEncoder.Default.Encode(title);
        return Encoding.UTF8.GetBytes(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{heading}</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>{heading}</h1>
            {content}
            </main>
            </body>
            </html>

            """
        );
    }

    /// <summary>Sets what stands in front of a page. A cache must not show it to programs.</summary>
    public static void WriteHeaders(IHeaderDictionary headers)
    {
        headers.ContentType = ContentType;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = s_policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.Append(HeaderNames.Vary, HeaderNames.Accept);
    }
}
