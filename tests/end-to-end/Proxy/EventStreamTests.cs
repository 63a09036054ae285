using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Proxy;

/// <summary>What <c>--events</c> puts on standard output, through a tunnel and with a local port.</summary>
public sealed class EventStreamTests
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"openai-mcp","version":"1.0.0"}}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EveryExchange_IsOneValidLineAndTheUrlGoesToStandardError()
    {
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                var body = Calls.Text(await request.ReadBodyAsync());
                var answer =
                    body.Contains("initialize", StringComparison.Ordinal) ? """{"jsonrpc":"2.0","id":1,"result":{}}"""
                    : body.Contains("fail", StringComparison.Ordinal)
                        ? """{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":true}}"""
                    : """{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params"}}""";
                await connection.SendAsync(
                    FormattableString.Invariant(
                        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nMcp-Session-Id: s-1\r\nContent-Length: {answer.Length}\r\n\r\n{answer}"
                    )
                );
            }
        );
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var connector = ConnectorProcess.Launch(
            relay,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            extraArguments: ["--events"]
        );
        var up = await connector.Process.Error.WaitForAsync(line => line.StartsWith("http://", StringComparison.Ordinal), Cancellation);
        var url = new Uri(up);

        await CallAsync(relay, url, Initialize);
        await CallAsync(
            relay,
            url,
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"fail","arguments":{"password":"s3cret"}}}"""
        );
        await CallAsync(relay, url, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search"}}""");
        var last = await connector.Process.Output.WaitForAsync(line => line.Contains("search", StringComparison.Ordinal), Cancellation);
        var lines = connector.Process.Output.Lines;
        using var start = JsonDocument.Parse(lines[0]);
        using var failed = JsonDocument.Parse(lines[1]);
        using var refused = JsonDocument.Parse(last);

        Assert.Equal(3, lines.Count);
        AssertEvent(start, "session_start", "ok");
        AssertEvent(failed, "tool_call", "tool_error");
        AssertEvent(refused, "tool_call", "error");
        Assert.Equal("-32602", refused.RootElement.GetProperty("error_code").GetString());
        Assert.Equal("ChatGPT", failed.RootElement.GetProperty("client").GetString());
        Assert.Equal("2025-11-25", failed.RootElement.GetProperty("protocol_version").GetString());
        Assert.DoesNotContain(lines, line => line.Contains("s3cret", StringComparison.Ordinal));
        var timing = failed.RootElement.GetProperty("timing_us");
        Assert.InRange(timing.GetProperty("edge").GetInt64(), 0, TestLimits.DefaultMilliseconds * 1000L);
        Assert.Equal(0, timing.GetProperty("hold").GetInt64());
        Assert.InRange(timing.GetProperty("tunnel").GetInt64(), 1, TestLimits.DefaultMilliseconds * 1000L);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EveryMessageOfABatch_IsALineWithItsOwnOutcome()
    {
        const string answer = """
            [{"jsonrpc":"2.0","id":"b","result":{"isError":true}},{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no"}}]
            """;
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                await request.ReadBodyAsync();
                await connection.SendAsync(
                    FormattableString.Invariant(
                        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {answer.Length}\r\n\r\n{answer}"
                    )
                );
            }
        );
        await using var proxy = await LocalProxy.StartAsync(
            ["proxy", "--mcp", origin.BaseAddress.GetLeftPart(UriPartial.Authority), "--port", "0", "--events"],
            Cancellation
        );

        await using var caller = await RawHttpClient.ConnectAsync(proxy.Url, Cancellation);
        await caller.SendAsync(
            Calls.Post(
                proxy.Url,
                """
                [{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"first"}},
                {"jsonrpc":"2.0","id":"b","method":"tools/call","params":{"name":"second"}},
                {"jsonrpc":"2.0","method":"notifications/progress"}]
                """
            ),
            Cancellation
        );
        await (await caller.ReadResponseAsync(Cancellation, "POST")).ReadBodyAsync(Cancellation);
        await proxy.Process.Output.WaitForAsync(line => line.Contains("progress", StringComparison.Ordinal), Cancellation);
        var events = proxy.Process.Output.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();

        Assert.Equal(["first", "second", null], events.Select(json => json.GetProperty("tool").GetString()), StringComparer.Ordinal);
        Assert.Equal(["error", "tool_error", "ok"], events.Select(json => json.GetProperty("status").GetString()), StringComparer.Ordinal);
        Assert.All(events, json => Assert.Equal(3, json.GetProperty("batch").GetInt32()));
    }

    private static void AssertEvent(JsonDocument json, string type, string status)
    {
        Assert.Equal(type, json.RootElement.GetProperty("type").GetString());
        Assert.Equal(status, json.RootElement.GetProperty("status").GetString());
        Assert.Equal("s-1", json.RootElement.GetProperty("session").GetString());
    }

    private static async Task CallAsync(RelayProcess relay, Uri url, string json)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync(
            Calls.Post(url, json).Replace("Accept:", "Mcp-Session-Id: s-1\r\nAccept:", StringComparison.Ordinal),
            Cancellation
        );
        await (await caller.ReadResponseAsync(Cancellation, "POST")).ReadBodyAsync(Cancellation);
    }
}
