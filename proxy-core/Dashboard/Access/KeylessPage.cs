using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Pages;

namespace Tunnel.ProxyCore.Dashboard.Access;

/// <summary>For somebody who opens the dashboard in a browser that was not let in: where the URL is that does.</summary>
internal static class KeylessPage
{
    /// <param name="context">The visit.</param>
    /// <param name="problem">What is wrong.</param>
    public static async Task AnswerAsync(HttpContext context, string problem)
    {
        var host = HtmlEncoder.Default.Encode(context.Request.Host.ToString());
        var page = Page.Write(
            "This browser was not let in",
            $"""
            <p class="note">{HtmlEncoder.Default.Encode(problem)}.</p>
            <p>In the terminal where mcpr runs is a line like this one. Open its URL here:</p>
            <pre>mcpr: dashboard http://{host}/?t=…</pre>
            <p>Each URL lets one browser in, for as long as mcpr runs; then mcpr prints another one. What it said last counts.</p>
            """
        );
        Page.WriteHeaders(context.Response.Headers);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentLength = page.Length;
        await context.Response.Body.WriteAsync(page, context.RequestAborted);
    }
}
