using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.ProxyCore.Widgets.Reports;

/// <summary>
/// Serves the script and takes its reports while that is wanted; otherwise both paths are the server's. Sandboxes call from origins of their
/// own, with no key, so everybody may: what comes is small, limited in number, and becomes nothing but an event.
/// </summary>
internal sealed class ReportMiddleware(
    RequestDelegate next,
    IOptionsMonitor<McpProxyOptions> options,
    ViolationReports reports,
    TimeProvider time
)
{
    /// <summary>The longest report, in bytes. One has three short texts.</summary>
    private const int MaxReport = 4096;

    /// <summary>How long a report may take to come in.</summary>
    private static readonly TimeSpan s_readLimit = TimeSpan.FromSeconds(5);

    private readonly ReportLimit _limit = new(time);

    /// <summary>Whether a request is about reports, which sandboxes of any origin may send.</summary>
    public static bool IsAboutReports(HttpRequest request) =>
        request.Path.Equals(ReportScript.Path, StringComparison.Ordinal)
        || request.Path.Equals(ReportScript.ReportPath, StringComparison.Ordinal);

    public Task InvokeAsync(HttpContext context)
    {
        var csp = options.CurrentValue.Csp;
        if (!csp.Report || !IsAboutReports(context.Request))
        {
            return next(context);
        }

        var response = context.Response;
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        var isScript = context.Request.Path.Equals(ReportScript.Path, StringComparison.Ordinal);
        var method = context.Request.Method;
        if (HttpMethods.IsOptions(method))
        {
            response.Headers.AccessControlAllowMethods = isScript ? "GET, HEAD" : "POST";
            response.Headers.AccessControlAllowHeaders = "Content-Type";
            response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        if (isScript ? !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) : !HttpMethods.IsPost(method))
        {
            response.Headers.Allow = isScript ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        return isScript ? ServeScriptAsync(response) : TakeAsync(context, csp);
    }

    private static Task ServeScriptAsync(HttpResponse response)
    {
        response.ContentType = "text/javascript; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        return response.WriteAsync(ReportScript.Text);
    }

    private async Task TakeAsync(HttpContext context, CspOptions csp)
    {
        if (!_limit.TryTake())
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "10";
            return;
        }

        context.Response.StatusCode = await ReadAsync(context.Request) switch
        {
            null => StatusCodes.Status413PayloadTooLarge,
            { } body when CspViolation.Read(new ReadOnlySequence<byte>(body), csp) is { } violation => Tell(violation),
            _ => StatusCodes.Status400BadRequest,
        };
    }

    /// <returns>The body, empty where it could not be read, or null where it is too long.</returns>
    private async Task<byte[]?> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxReport)
        {
            return null;
        }

        using var limit = new CancellationTokenSource(s_readLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, request.HttpContext.RequestAborted);
        var buffer = new byte[MaxReport + 1];
        try
        {
            var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, either.Token);
            return length > MaxReport ? null : buffer[..length];
        }
        catch (Exception unreadable) when (unreadable is IOException or OperationCanceledException)
        {
            // A sandbox that was closed in the middle of telling.
            return [];
        }
    }

    private int Tell(CspViolation violation)
    {
        reports.Tell(violation);
        return StatusCodes.Status204NoContent;
    }
}
