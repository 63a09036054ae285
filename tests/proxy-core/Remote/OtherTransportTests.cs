using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Remote;

/// <summary>HTTP+SSE of older servers, and the revision without sessions.</summary>
public sealed class OtherTransportTests
{
    private const string Meta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OlderServer_IsSpokenToOverItsEventStream()
    {
        var server = new OlderServer();
        await using var bed = await RemoteBed.StartAsync(server.AnswerAsync);

        await bed.WriteAsync(RemoteBed.Initialize, RemoteBed.Initialized, """{"jsonrpc":"2.0","id":1,"method":"x"}""");

        Assert.Contains("\"id\":0", await bed.ReadAsync(), StringComparison.Ordinal);
        Assert.Contains("\"id\":1", await bed.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("/mcp", (await bed.AskedAsync("initialize")).Path);
        await bed.AskedAsync("GET");
        Assert.Equal("/post", (await bed.AskedAsync("initialize")).Path);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EventStreamOfAnOlderServerBreaks_SessionIsBegunAgain()
    {
        var server = new OlderServer();
        await using var bed = await RemoteBed.StartAsync(server.AnswerAsync);
        await bed.WriteAsync(RemoteBed.Initialize, RemoteBed.Initialized);
        await bed.ReadAsync();
        foreach (var method in (string[])["initialize", "GET", "initialize", "notifications/initialized"])
        {
            await bed.AskedAsync(method);
        }

        server.Break();

        foreach (var method in (string[])["GET", "initialize", "notifications/initialized"])
        {
            await bed.AskedAsync(method);
        }

        await bed.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"x"}""");
        Assert.Contains("\"id\":1", await bed.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EventStreamEndsBeforeItIsOfUse_IsTriedAgainBySlowSteps()
    {
        var server = new OlderServer();
        await using var bed = await RemoteBed.StartAsync(server.AnswerAsync);
        await bed.WriteAsync(RemoteBed.Initialize, RemoteBed.Initialized);
        await bed.ReadAsync();
        foreach (var method in (string[])["initialize", "GET", "initialize", "notifications/initialized"])
        {
            await bed.AskedAsync(method);
        }

        server.Break(emptyStreams: 3);

        await bed.AskedAsync("GET");
        var first = Stopwatch.GetTimestamp();
        await bed.AskedAsync("GET");
        await bed.AskedAsync("GET");
        // Half a second and a whole one; two that try would be there earlier.
        Assert.True(Stopwatch.GetElapsedTime(first) > TimeSpan.FromSeconds(1.4));
        foreach (var method in (string[])["GET", "initialize", "notifications/initialized"])
        {
            await bed.AskedAsync(method);
        }
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RefusalThatIsNoOlderServers_IsTheAnswer()
    {
        await using var bed = await RemoteBed.StartAsync((_, context, _) => RemoteBed.SendAsync(context, "<html>", "text/html", 404));

        await bed.WriteAsync(RemoteBed.Initialize);

        Assert.Contains("404 Not Found", await bed.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RequestWithoutSession_HasHeadersThatRepeatItsBody()
    {
        await using var bed = await RemoteBed.StartAsync(
            (asked, context, _) =>
                RemoteBed.SendAsync(
                    context,
                    asked.Result(
                        asked.Method == "tools/list"
                            ? """{"tools":[{"name":"tö","inputSchema":{"type":"object","properties":{"city":{"type":"string","x-mcp-header":"City"}}}}]}"""
                            : "{}"
                    )
                )
        );

        await bed.WriteAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tö","arguments":{"city":"Oslo"},{{{Meta}}}}}"""
        );

        Assert.Contains("\"id\":1", await bed.ReadAsync(), StringComparison.Ordinal);
        Assert.Contains(Meta, (await bed.AskedAsync("tools/list")).Body, StringComparison.Ordinal);
        var call = await bed.AskedAsync("tools/call");
        Assert.Equal("2026-07-28", call.Headers["MCP-Protocol-Version"]);
        Assert.Equal("tools/call", call.Headers["Mcp-Method"]);
        Assert.Equal("=?base64?dMO2?=", call.Headers["Mcp-Name"]);
        Assert.Equal("Oslo", call.Headers["Mcp-Param-City"]);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ClientCancelsWithoutSession_ResponseIsClosedAndNothingSent()
    {
        var hasLeft = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bed = await RemoteBed.StartAsync(
            async (asked, context, _) =>
            {
                if (asked.Method != "subscriptions/listen")
                {
                    await RemoteBed.SendAsync(context, asked.Result("{}"));
                    return;
                }

                await RemoteBed.SendEventAsync(context, """{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged"}""");
                await using var left = context.RequestAborted.Register(() => hasLeft.TrySetResult());
                await hasLeft.Task;
            }
        );
        await bed.WriteAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{{{{Meta}}}}}""");
        Assert.Contains("acknowledged", await bed.ReadAsync(), StringComparison.Ordinal);

        await bed.WriteAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");

        await hasLeft.Task.WaitAsync(Cancellation);
        await bed.WriteAsync($$$"""{"jsonrpc":"2.0","id":2,"method":"y","params":{{{{Meta}}}}}""");
        Assert.Contains("\"id\":2", await bed.ReadAsync(), StringComparison.Ordinal);
        await bed.AskedAsync("subscriptions/listen");
        await bed.AskedAsync("y");
    }

    /// <summary>Knows GET /mcp, which announces /post, and nothing else.</summary>
    private sealed class OlderServer
    {
        private Channel<string> _events = Channel.CreateUnbounded<string>();
        private int _emptyStreams;

        /// <param name="emptyStreams">How many of the next streams end without having said anything.</param>
        public void Break(int emptyStreams = 0)
        {
            Volatile.Write(ref _emptyStreams, emptyStreams);
            _events.Writer.Complete();
        }

        public async Task AnswerAsync(Asked asked, HttpContext context, CancellationToken stopping)
        {
            if (asked.Path == "/post")
            {
                if (asked.IdText is not null)
                {
                    _events.Writer.TryWrite(asked.Result("""{"protocolVersion":"2024-11-05","capabilities":{}}"""));
                }

                await RemoteBed.SendAsync(context, string.Empty, status: 202);
            }
            else if (asked.Method == "GET" && Interlocked.Decrement(ref _emptyStreams) >= 0)
            {
                await RemoteBed.SendAsync(context, ": \n\n", "text/event-stream");
            }
            else if (asked.Method == "GET")
            {
                _events = Channel.CreateUnbounded<string>();
                await RemoteBed.SendAsync(context, "event: endpoint\ndata: /post?s=1\n\n", "text/event-stream");
                await foreach (var data in _events.Reader.ReadAllAsync(stopping))
                {
                    await RemoteBed.SendAsync(context, $"event: message\ndata: {data}\n\n", "text/event-stream");
                }
            }
            else
            {
                await RemoteBed.SendAsync(context, "no", "text/plain", 405);
            }
        }
    }
}
