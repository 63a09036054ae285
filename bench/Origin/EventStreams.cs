using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Bench.Origin;

/// <summary>
/// Event streams whose events tell when they were sent. <see cref="Stopwatch"/> reads the same clock in every process of a machine, so whoever
/// reads an event knows how long it was under way.
/// </summary>
internal static class EventStreams
{
    /// <summary>A stream with one event at its beginning, that stays open until the caller leaves.</summary>
    public static async Task HoldAsync(HttpContext context)
    {
        Begin(context.Response);
        try
        {
            await SendAsync(context, Progress(0));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller left: that is how these streams end.
        }
    }

    public static async Task ReportProgressAsync(HttpContext context, int events, int gapMilliseconds, ReadOnlyMemory<byte> result)
    {
        Begin(context.Response);
        for (var number = 1; number <= events; number++)
        {
            await SendAsync(context, Progress(number));
            if (gapMilliseconds > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(gapMilliseconds), TimeProvider.System, context.RequestAborted);
            }
        }

        await SendAsync(context, Encoding.UTF8.GetString(result.Span));
    }

    private static void Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
    }

    private static string Progress(int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":{{{number}}},"sent":{{{Stopwatch.GetTimestamp()}}}}}"""
        );

    private static async Task SendAsync(HttpContext context, string data)
    {
        await context.Response.WriteAsync($"event: message\ndata: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
