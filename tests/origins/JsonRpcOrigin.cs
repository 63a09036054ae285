using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Tests.Origins;

/// <summary>
/// Answers JSON-RPC calls on any path, for load. <c>params.mode</c> chooses how:
/// <list type="table">
/// <item><term>(none)</term><description>a result that echoes <c>params.token</c>, with Content-Length</description></item>
/// <item><term>sse</term><description>an event stream: <c>params.events</c> progress notifications, then the result</description></item>
/// <item><term>big</term><description>a result of <c>params.bytes</c> characters of <see cref="TokenContent"/>, chunked</description></item>
/// <item><term>slow</term><description>the result, once <see cref="ReleaseSlowCalls"/> is called</description></item>
/// <item><term>error</term><description>error -32602</description></item>
/// <item><term>tool_error</term><description>a result with <c>isError</c></description></item>
/// </list>
/// Notifications get 202.
/// </summary>
public sealed class JsonRpcOrigin : IAsyncDisposable
{
    /// <summary>Big results are written in parts of this size, each its own chunk.</summary>
    private const int PartSize = 16 * 1024;

    private TaskCompletionSource _slowCallsReleased = NewSignal();
    private KestrelHost? _host;

    private JsonRpcOrigin() { }

    public Uri BaseAddress => _host!.BaseAddress;

    public int Port => BaseAddress.Port;

    /// <summary>Calls that are being answered now.</summary>
    public CountSignal InFlight { get; } = new();

    /// <summary>Slow calls that wait for their release now.</summary>
    public CountSignal SlowCallsWaiting { get; } = new();

    /// <summary>Calls whose answer was handed over whole.</summary>
    public CountSignal Answered { get; } = new();

    /// <summary>Calls whose caller went away before the answer was complete.</summary>
    public CountSignal Cancelled { get; } = new();

    public static async Task<JsonRpcOrigin> StartAsync(CancellationToken cancellationToken)
    {
        var origin = new JsonRpcOrigin();
        origin._host = await KestrelHost.StartAsync(origin.ServeAsync, cancellationToken);
        return origin;
    }

    /// <summary>Lets the slow calls that wait now be answered. Later ones wait for the next release.</summary>
    public void ReleaseSlowCalls() => Interlocked.Exchange(ref _slowCallsReleased, NewSignal()).SetResult();

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ServeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        InFlight.Increment();
        try
        {
            using var message = await JsonDocument.ParseAsync(context.Request.Body, default, cancellationToken);
            await AnswerAsync(context.Response, JsonRpcCall.From(message.RootElement), cancellationToken);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // Counted below.
        }
        catch (JsonException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        finally
        {
            InFlight.Decrement();
            (cancellationToken.IsCancellationRequested ? Cancelled : Answered).Increment();
        }
    }

    private Task AnswerAsync(HttpResponse response, JsonRpcCall call, CancellationToken cancellationToken)
    {
        if (call.IdText is null)
        {
            response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        }

        return call.Mode switch
        {
            "sse" => SendEventsAsync(response, call, cancellationToken),
            "big" => SendBigResultAsync(response, call, cancellationToken),
            "slow" => SendWhenReleasedAsync(response, call, cancellationToken),
            "error" => SendAsync(response, Error(call), cancellationToken),
            "tool_error" => SendAsync(response, ToolError(call), cancellationToken),
            _ => SendAsync(response, Echo(call), cancellationToken),
        };
    }

    private async Task SendWhenReleasedAsync(HttpResponse response, JsonRpcCall call, CancellationToken cancellationToken)
    {
        // Taken before the count rises, so that a release which follows the count also lets this call go.
        var released = Volatile.Read(ref _slowCallsReleased).Task;
        SlowCallsWaiting.Increment();
        try
        {
            await released.WaitAsync(cancellationToken);
        }
        finally
        {
            SlowCallsWaiting.Decrement();
        }

        await SendAsync(response, Echo(call), cancellationToken);
    }

    private static async Task SendAsync(HttpResponse response, string message, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(message);
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, cancellationToken);
    }

    private static async Task SendBigResultAsync(HttpResponse response, JsonRpcCall call, CancellationToken cancellationToken)
    {
        var data = Quote(TokenContent.Create(call.Token, call.Bytes));
        var body = Encoding.UTF8.GetBytes(Result(call, $$"""{"echo":{{Quote(call.Token)}},"data":{{data}}}"""));
        response.ContentType = "application/json";
        foreach (var part in body.Chunk(PartSize))
        {
            await response.Body.WriteAsync(part, cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
    }

    private static async Task SendEventsAsync(HttpResponse response, JsonRpcCall call, CancellationToken cancellationToken)
    {
        var token = Quote(call.Token);
        response.ContentType = "text/event-stream";
        for (var number = 1; number <= call.Events; number++)
        {
            var progress = $$"""{"progressToken":{{token}},"progress":{{number}},"total":{{call.Events}}}""";
            await SendEventAsync($$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{{progress}}}""");
            await Task.Delay(call.Pause, TimeProvider.System, cancellationToken);
        }

        await SendEventAsync(Echo(call));

        async Task SendEventAsync(string data)
        {
            await response.WriteAsync($"event: message\ndata: {data}\n\n", cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
    }

    private static string Echo(JsonRpcCall call) => Result(call, $$"""{"echo":{{Quote(call.Token)}}}""");

    private static string ToolError(JsonRpcCall call) =>
        Result(call, $$"""{"content":[{"type":"text","text":{{Quote(call.Token)}}}],"isError":true}""");

    private static string Result(JsonRpcCall call, string result) => $$"""{"jsonrpc":"2.0","id":{{call.IdText}},"result":{{result}}}""";

    private static string Error(JsonRpcCall call) =>
        $$$"""{"jsonrpc":"2.0","id":{{{call.IdText}}},"error":{"code":-32602,"message":"Invalid params"}}""";

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
