using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Bench.Origin;

/// <summary>
/// <c>tools/call</c> at <c>POST /mcp</c>: <c>weather</c> has a small result, <c>text</c> one of <c>bytes</c> characters,
/// <c>progress</c> is an event stream of <c>events</c> notifications, <c>gap</c> milliseconds apart, and the result.
/// </summary>
internal static class ToolCalls
{
    private const string SmallText = "sunny, 21 degrees";

    /// <summary>Answers are made once, so that the origin costs next to nothing. Bounded by the sizes that workloads ask for.</summary>
    private static readonly ConcurrentDictionary<int, byte[]> s_texts = new();

    private static readonly byte[] s_small = Result(SmallText);

    public static async Task AnswerAsync(HttpContext context)
    {
        using var message = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var call = message.RootElement.GetProperty("params");
        switch (call.GetProperty("name").GetString())
        {
            case "text":
                await SendAsync(context, s_texts.GetOrAdd(Number(call, "bytes"), size => Result(new string('x', size))));
                break;
            case "progress":
                await EventStreams.ReportProgressAsync(context, Number(call, "events"), Number(call, "gap"), s_small);
                break;
            default:
                await SendAsync(context, s_small);
                break;
        }
    }

    private static int Number(JsonElement call, string argument) => call.GetProperty("arguments").GetProperty(argument).GetInt32();

    private static async Task SendAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static byte[] Result(string text) =>
        Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"{{{text}}}"}],"isError":false}}"""
        );
}
