using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Remote;

/// <summary>Sessions over Streamable HTTP, for a client at standard input and output.</summary>
public sealed class StreamableTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Messages_GoThroughByteForByte()
    {
        const string request =
            """{ "zz":1, "id" : "q\u0041", "method":"x/unknown","params":{"big":12345678901234567890,"f":1.0,"e":1E3},"jsonrpc":"2.0"}""";
        const string response = """{"vendor":[2.50],"jsonrpc" : "2.0","id":"q\u0041","result":{"n":12345678901234567890,"t":"é<>&"}}""";
        RemoteBed bed = null!;
        bed = await RemoteBed.StartAsync(
            (asked, context, stopping) =>
                asked.Method == "x/unknown" ? RemoteBed.SendAsync(context, response) : bed.AnswerAsync(asked, context, stopping)
        );
        await using var _ = bed;
        await bed.BeginAsync();

        await bed.WriteAsync(request);

        Assert.Equal(response, await bed.ReadAsync());
        Assert.Equal(request, (await bed.AskedAsync("x/unknown")).Body);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RequestsBehindInitialize_WaitForTheSession()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RemoteBed bed = null!;
        bed = await RemoteBed.StartAsync(
            async (asked, context, stopping) =>
            {
                if (asked.Method == "initialize")
                {
                    await answer.Task.WaitAsync(stopping);
                }

                await bed.AnswerAsync(asked, context, stopping);
            }
        );
        await using var _ = bed;

        await bed.WriteAsync(RemoteBed.Initialize, RemoteBed.Initialized, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        await bed.AskedAsync("initialize");
        answer.SetResult();

        await bed.AskedAsync("notifications/initialized");
        // Either may come first.
        Asked[] asked = [await bed.AnyAskedAsync(), await bed.AnyAskedAsync()];
        Assert.All(asked, one => Assert.Equal("session-1", one.Headers["Mcp-Session-Id"]));
        Assert.All(asked, one => Assert.Equal("2025-11-25", one.Headers["MCP-Protocol-Version"]));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SlowRequest_DoesNotHoldTheNext()
    {
        RemoteBed bed = null!;
        bed = await RemoteBed.StartAsync(
            (asked, context, stopping) =>
                asked.Method == "slow"
                    ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping)
                    : bed.AnswerAsync(asked, context, stopping)
        );
        await using var _ = bed;
        await bed.BeginAsync();

        await bed.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"slow"}""", """{"jsonrpc":"2.0","id":2,"method":"quick"}""");

        Assert.Equal("""{"jsonrpc":"2.0","id":2,"result":{}}""", await bed.ReadAsync());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MoreRequestsThanMayBeUnderWay_WaitForTheirTurn()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RemoteBed bed = null!;
        bed = await RemoteBed.StartAsync(
            async (asked, context, stopping) =>
            {
                if (asked.Method == "slow")
                {
                    await answer.Task.WaitAsync(stopping);
                }

                await bed.AnswerAsync(asked, context, stopping);
            },
            options => options with { MaxCalls = 1 }
        );
        await using var _ = bed;
        await bed.BeginAsync();

        await bed.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"slow"}""");
        await bed.AskedAsync("slow");
        await bed.WriteAsync("""{"jsonrpc":"2.0","id":2,"method":"quick"}""", """{"jsonrpc":"2.0","id":"q1","result":{}}""");

        // An answer to the server's question is not held by what waits in front of it.
        await bed.AskedAsync("response");
        answer.SetResult();
        await bed.AskedAsync("quick");
        Assert.Contains("\"id\":1", await bed.ReadAsync(), StringComparison.Ordinal);
        Assert.Contains("\"id\":2", await bed.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SessionIsForgotten_BeginsAgainAndRepeatsTheRequestOnce()
    {
        RemoteBed bed = null!;
        bed = await RemoteBed.StartAsync(
            (asked, context, stopping) =>
                asked.Method == "tools/call" && asked.Headers["Mcp-Session-Id"] == "session-1"
                    ? RemoteBed.SendAsync(
                        context,
                        """{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}""",
                        status: 404
                    )
                    : bed.AnswerAsync(asked, context, stopping)
        );
        await using var _ = bed;
        await bed.BeginAsync();
        const string setLevel = """{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"error"}}""";
        const string subscribe = """{"jsonrpc":"2.0","id":2,"method":"resources/subscribe","params":{"uri":"a:1"}}""";
        await bed.WriteAsync(setLevel);
        await bed.ReadAsync();
        await bed.WriteAsync(subscribe);
        await bed.ReadAsync();
        await bed.AskedAsync("logging/setLevel");
        await bed.AskedAsync("resources/subscribe");

        await bed.WriteAsync("""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{}}""");

        Assert.Equal("""{"jsonrpc":"2.0","id":3,"result":{}}""", await bed.ReadAsync());
        await bed.AskedAsync("tools/call");
        var again = await bed.AskedAsync("initialize");
        Assert.DoesNotContain("Mcp-Session-Id", again.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(RemoteBed.Initialize, WithId(again, "0"));
        await bed.AskedAsync("notifications/initialized");
        Assert.Equal(setLevel, WithId(await bed.AskedAsync("logging/setLevel"), "1"));
        Assert.Equal(subscribe, WithId(await bed.AskedAsync("resources/subscribe"), "2"));
        var rest = new[] { await bed.AnyAskedAsync(), await bed.AnyAskedAsync() };
        Assert.Contains(rest, one => one.Method == "GET");
        Assert.Equal("session-2", Assert.Single(rest, one => one.Method == "tools/call").Headers["Mcp-Session-Id"]);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StreamEndsBeforeTheAnswer_GoesOnBehindItsLastEvent()
    {
        RemoteBed bed = null!;
        bed = await RemoteBed.StartAsync(
            (asked, context, stopping) =>
                asked.Method == "tools/call" ? RemoteBed.SendAsync(context, "retry: 1\nid: e-7\ndata: \n\n", "text/event-stream")
                : asked.Headers.ContainsKey("Last-Event-ID") ? RemoteBed.SendEventAsync(context, """{"jsonrpc":"2.0","id":1,"result":{}}""")
                : bed.AnswerAsync(asked, context, stopping)
        );
        await using var _ = bed;
        await bed.BeginAsync();

        await bed.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""");

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{}}""", await bed.ReadAsync());
        await bed.AskedAsync("tools/call");
        Assert.Equal("e-7", (await bed.AskedAsync("GET")).Headers["Last-Event-ID"]);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StreamBreaksWithoutATrace_RequestFailsUnderItsId()
    {
        RemoteBed bed = null!;
        bed = await RemoteBed.StartAsync(
            async (asked, context, stopping) =>
            {
                if (asked.Method != "tools/call")
                {
                    await bed.AnswerAsync(asked, context, stopping);
                    return;
                }

                await RemoteBed.SendAsync(context, ": \n\n", "text/event-stream");
                context.Abort();
            }
        );
        await using var _ = bed;
        await bed.BeginAsync();

        await bed.WriteAsync("""{"jsonrpc":"2.0","id":"a","method":"tools/call"}""");

        Assert.StartsWith("""{"jsonrpc":"2.0","id":"a","error":{"code":5102,""", await bed.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StreamOfTheSession_IsOpenedAgainBehindItsLastEvent()
    {
        RemoteBed bed = null!;
        bed = await RemoteBed.StartAsync(
            (asked, context, stopping) =>
                asked.Method == "GET" && !asked.Headers.ContainsKey("Last-Event-ID")
                    ? RemoteBed.SendEventAsync(context, """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""", "g-1")
                    : bed.AnswerAsync(asked, context, stopping)
        );
        await using var _ = bed;
        await bed.BeginAsync();

        Assert.Equal("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""", await bed.ReadAsync());
        Assert.Equal("g-1", (await bed.AskedAsync("GET")).Headers["Last-Event-ID"]);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ClientCancels_ServerIsToldAndNothingIsAnswered()
    {
        RemoteBed bed = null!;
        var hasLeft = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed = await RemoteBed.StartAsync(
            async (asked, context, stopping) =>
            {
                if (asked.Method != "slow")
                {
                    await bed.AnswerAsync(asked, context, stopping);
                    return;
                }

                await using var left = context.RequestAborted.Register(() => hasLeft.TrySetResult());
                await hasLeft.Task;
            }
        );
        await using var _ = bed;
        await bed.BeginAsync();
        await bed.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"slow"}""");
        await bed.AskedAsync("slow");

        await bed.WriteAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        await bed.WriteAsync("""{"jsonrpc":"2.0","id":2,"method":"quick"}""");

        await bed.AskedAsync("notifications/cancelled");
        await hasLeft.Task.WaitAsync(Cancellation);
        Assert.Contains("\"id\":2", await bed.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task InputEnds_OutstandingAnswersComeAndTheSessionIsEnded()
    {
        await using var bed = await RemoteBed.StartAsync();
        await bed.BeginAsync();

        await bed.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"x"}""");
        bed.CloseInput();
        await bed.Run.WaitAsync(Cancellation);
        await bed.EndAsync();

        Assert.Contains("\"id\":1", await bed.ReadAsync(), StringComparison.Ordinal);
        await bed.AskedAsync("x");
        Assert.Equal("session-1", (await bed.AskedAsync("DELETE")).Headers["Mcp-Session-Id"]);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(
        """{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no"}}""",
        """{"jsonrpc":"2.0","id":7,"error":{"code":-32000,"message":"no"}}"""
    )]
    [InlineData("<html>", """{"jsonrpc":"2.0","id":7,"error":{"code":5105,""")]
    public async Task Refusal_IsTheServersOwnWhereItHasOne(string body, string expected)
    {
        RemoteBed bed = null!;
        bed = await RemoteBed.StartAsync(
            (asked, context, stopping) =>
                asked.Method == "x"
                    ? RemoteBed.SendAsync(context, body, body[0] == '{' ? "application/json" : "text/html", StatusCodes.Status403Forbidden)
                    : bed.AnswerAsync(asked, context, stopping)
        );
        await using var _ = bed;
        await bed.BeginAsync();

        await bed.WriteAsync("""{"jsonrpc":"2.0","id":7,"method":"x"}""");

        Assert.StartsWith(expected, await bed.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LineThatIsNoMessage_IsAnsweredAndTheNextOneCounts()
    {
        await using var bed = await RemoteBed.StartAsync();

        await bed.WriteAsync("{nonsense", RemoteBed.Initialize);

        Assert.Contains("-32700", await bed.ReadAsync(), StringComparison.Ordinal);
        Assert.Contains("protocolVersion", await bed.ReadAsync(), StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NothingIsHeardOfARequest_FailsAfterTheLimit(bool hasBegun)
    {
        RemoteBed bed = null!;
        var time = new ManualTimeProvider();
        bed = await RemoteBed.StartAsync(
            async (asked, context, stopping) =>
            {
                if (asked.Method != "x")
                {
                    await bed.AnswerAsync(asked, context, stopping);
                    return;
                }

                if (hasBegun)
                {
                    await RemoteBed.SendAsync(context, ": \n\n", "text/event-stream");
                }

                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
            },
            options => options with { CallLimit = TimeSpan.FromSeconds(7) },
            time
        );
        await using var _ = bed;
        await bed.BeginAsync();
        await bed.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"x"}""");
        await bed.AskedAsync("x");

        var answer = bed.ReadAsync();
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Contains("\"code\":5101", await answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RefusalWhoseBodyDoesNotEnd_IsToldByItsStatus()
    {
        RemoteBed bed = null!;
        var time = new ManualTimeProvider();
        bed = await RemoteBed.StartAsync(
            async (asked, context, stopping) =>
            {
                if (asked.Method != "x")
                {
                    await bed.AnswerAsync(asked, context, stopping);
                    return;
                }

                await RemoteBed.SendAsync(context, "{", status: 500);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
            },
            // Far longer than what passes here until the status has come.
            options => options with { CallLimit = TimeSpan.FromDays(20) },
            time
        );
        await using var _ = bed;
        await bed.BeginAsync();
        await bed.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"x"}""");
        await bed.AskedAsync("x");

        var answer = bed.ReadAsync();
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Contains("500 Internal Server Error", await answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerForgetsTheSessionAndBeginsNoOther_FailsAfterTheLimit()
    {
        RemoteBed bed = null!;
        var time = new ManualTimeProvider();
        var sessions = 0;
        bed = await RemoteBed.StartAsync(
            (asked, context, stopping) =>
                asked.Method switch
                {
                    "x" => RemoteBed.SendAsync(context, "gone", "text/plain", 404),
                    "initialize" when Interlocked.Increment(ref sessions) > 1 => Task.Delay(
                        Timeout.InfiniteTimeSpan,
                        TimeProvider.System,
                        stopping
                    ),
                    _ => bed.AnswerAsync(asked, context, stopping),
                },
            time: time
        );
        await using var _ = bed;
        await bed.BeginAsync();
        await bed.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"x"}""");
        await bed.AskedAsync("x");
        await bed.AskedAsync("initialize");

        var answer = bed.ReadAsync();
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Contains("\"code\":5101", await answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NotificationThatTheServerKeeps_HoldsNeitherTheNextMessageNorTheEnd()
    {
        RemoteBed bed = null!;
        bed = await RemoteBed.StartAsync(
            (asked, context, stopping) =>
                asked.Method == "notifications/kept"
                    ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping)
                    : bed.AnswerAsync(asked, context, stopping)
        );
        await using var _ = bed;
        await bed.BeginAsync();

        await bed.WriteAsync("""{"jsonrpc":"2.0","method":"notifications/kept"}""", """{"jsonrpc":"2.0","id":1,"method":"x"}""");

        Assert.Contains("\"id\":1", await bed.ReadAsync(), StringComparison.Ordinal);
    }

    private static string WithId(Asked asked, string id)
    {
        Assert.Matches("^\"mcpr-[0-9]+\"$", asked.IdText);
        return Regex.Replace(asked.Body, "\"mcpr-[0-9]+\"", id, RegexOptions.None, TimeSpan.FromSeconds(1));
    }
}
