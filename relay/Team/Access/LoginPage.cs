using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Dashboard.Access;
using Tunnel.ProxyCore.Dashboard.Pages;

namespace Tunnel.Relay.Team.Access;

/// <summary>The page that asks for a token. It needs no script.</summary>
internal static class LoginPage
{
    /// <summary>Its own files, and a form that leads nowhere else.</summary>
    private const string Policy =
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <param name="context">Who asks.</param>
    /// <param name="assets">Where the style is.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="next">The path that the dashboard is entered by.</param>
    /// <param name="problem">What is wrong with the token that was shown, if anything.</param>
    public static Task WriteAsync(HttpContext context, PageAssets assets, int status, string next, string? problem)
    {
        var response = context.Response;
        OwnPages.WriteHeaders(response.Headers);
        response.Headers.ContentSecurityPolicy = Policy;
        // With no-referrer browsers would not say where the form comes from.
        response.Headers["Referrer-Policy"] = "same-origin";
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync(Render(assets.Root, next, problem), context.RequestAborted);
    }

    private static string Render(string root, string next, string? problem) =>
        $"""
            <!doctype html>
            <html lang="en">
              <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <title>Sign in · mcpr</title>
                <link rel="icon" href="{root}icon.svg" />
                <link rel="stylesheet" href="{root}styles/tokens.css" />
                <link rel="stylesheet" href="{root}styles/base.css" />
                <link rel="stylesheet" href="{root}styles/controls.css" />
                <link rel="stylesheet" href="{root}styles/login.css" />
              </head>
              <body>
                <main class="login">
                  <h1>mcpr</h1>
                  <form class="stack" method="post" action="{LoginEndpoint.Path}">
                    <label for="token">Token</label>
                    <input class="input" id="token" name="token" type="password" autocomplete="current-password" spellcheck="false"
                      autofocus required{Described(problem)} />
                    <input type="hidden" name="next" value="{WebUtility.HtmlEncode(next)}" />{Told(problem)}
                    <button class="button primary" type="submit">Sign in</button>
                  </form>
                  <p class="small soft">Tokens of a project begin with {MemberToken.Prefix} and come from whoever runs this relay.</p>
                </main>
              </body>
            </html>

            """;

    private static string Described(string? problem) =>
        problem is null ? string.Empty : " aria-invalid=\"true\" aria-describedby=\"problem\"";

    private static string Told(string? problem) =>
        problem is null
            ? string.Empty
            : $"\n        <p class=\"is-error\" id=\"problem\" role=\"alert\">{WebUtility.HtmlEncode(problem)}</p>";
}
