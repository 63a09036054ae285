using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Edge;

/// <summary>Each way to fail has its own status, code and body, and JSON-RPC callers get their id back.</summary>
public sealed class ErrorAnswerTests
{
    private const string StringIdCall = """{"jsonrpc":"2.0","method":"tools/call","params":{"name":"x"},"id":"a\"1"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task UnknownName_Is502E2001()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);

        await AssertJsonRpcErrorAsync(relay.Port, $"nobody.localhost:{relay.Port}", 502, 2001, "edge");
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("example.com")]
    [InlineData("a.b.localhost")]
    [InlineData("xlocalhost")]
    [InlineData("localhost.evil.example")]
    public async Task WrongHost_Is421E2002(string host)
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);

        await AssertJsonRpcErrorAsync(relay.Port, host, 421, 2002, "edge");
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorThatStaysAway_Is503E3102AfterTheHoldAndThenE3101AtOnce()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--hold", "1s");
        await using var connector = await ConnectorProcess.StartAsync(relay, "9", Cancellation);
        connector.Process.Interrupt();
        Assert.Equal(0, await connector.Process.WaitForExitAsync(Cancellation));

        var waited = await AssertJsonRpcErrorAsync(relay.Port, connector.Url.Authority, 503, 3102, "edge");
        var afterwards = await AssertJsonRpcErrorAsync(relay.Port, connector.Url.Authority, 503, 3101, "edge");

        Assert.NotNull(waited.Header("Retry-After"));
        Assert.NotNull(afterwards.Header("Retry-After"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task KilledConnectorWithoutAHold_Is503E3101()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--hold", "0");
        await using var connector = await ConnectorProcess.StartAsync(relay, "9", Cancellation);
        await connector.Process.KillAsync();
        await relay.Process.Error.WaitForAsync(line => line.Contains("control connection lost", StringComparison.Ordinal), Cancellation);

        await AssertJsonRpcErrorAsync(relay.Port, connector.Url.Authority, 503, 3101, "edge");
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerNotListening_Is502E4101()
    {
        int port;
        await using (var gone = RawHttpOrigin.Start((_, _) => Task.CompletedTask))
        {
            port = gone.Port;
        }

        await using var bed = await TunnelBed.StartAsync(new Uri($"http://127.0.0.1:{port}"), Cancellation);

        await AssertJsonRpcErrorAsync(bed.Relay.Port, bed.Host, 502, 4101, "connector");
        var line = await bed.Connector.Process.Error.WaitForAsync(line => line.Contains("[E4101]", StringComparison.Ordinal), Cancellation);
        Assert.Contains("tools/call x [E4101]", line, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SilentServer_Is504E5101()
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.Closed);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation, "--upstream-timeout", "1");

        await AssertJsonRpcErrorAsync(bed.Relay.Port, bed.Host, 504, 5101, "connector");
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("garbage that is not HTTP\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("")]
    public async Task ServerThatBreaksOff_Is502E5102(string answer)
    {
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                await request.ReadBodyAsync();
                await connection.SendAsync(answer);
                connection.Close();
            }
        );
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);

        await AssertJsonRpcErrorAsync(bed.Relay.Port, bed.Host, 502, 5102, "connector");
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorKilledDuringTheRequest_Is502E3201WithTheId()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var caller = await bed.ConnectRawAsync(Cancellation);
        await caller.SendAsync(Calls.Post(bed.Url, Calls.Slow("77", "x")), Cancellation);
        await origin.SlowCallsWaiting.WhenAsync(count => count == 1, Cancellation);

        await bed.Connector.Process.KillAsync();

        var response = await caller.ReadResponseAsync(Cancellation, "POST");
        await AssertJsonRpcErrorAsync(response, 502, 3201, "edge", id: "77");
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PlainRequest_GetsAProblemDocument()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);

        await caller.SendAsync($"GET /x HTTP/1.1\r\nHost: nobody.localhost\r\n\r\n", Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);
        using var problem = JsonDocument.Parse(await response.ReadBodyAsync(Cancellation));

        Assert.Equal("application/problem+json", response.Header("Content-Type"));
        Assert.Equal("E2001", problem.RootElement.GetProperty("code").GetString());
        Assert.Equal(502, problem.RootElement.GetProperty("status").GetInt32());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayItself_ServesHealthAndNothingElse()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);

        await caller.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", Cancellation);
        var health = await caller.ReadResponseAsync(Cancellation);
        await health.ReadBodyAsync(Cancellation);
        await caller.SendAsync("GET /else HTTP/1.1\r\nHost: localhost\r\n\r\n", Cancellation);
        var other = await caller.ReadResponseAsync(Cancellation);

        Assert.Equal(200, health.StatusCode);
        Assert.Equal(404, other.StatusCode);
        Assert.Equal("E1003", other.Header("mcpr-error"));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("/")]
    [InlineData("/robots.txt")]
    [InlineData("/a/b.html")]
    public async Task AnyOtherPathOfTheRelay_Is404E1003(string path)
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);

        await caller.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n", Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);

        Assert.Equal(404, response.StatusCode);
        Assert.Equal("E1003", response.Header("mcpr-error"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelaysOwnPathsOnATunnelHost_BelongToItsOwner()
    {
        await using var origin = RawHttpOrigin.Start(
            (request, connection) =>
                connection.SendAsync(
                    FormattableString.Invariant($"HTTP/1.1 200 OK\r\nContent-Length: {request.Target.Length}\r\n\r\n{request.Target}")
                )
        );
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var caller = await bed.ConnectRawAsync(Cancellation);
        foreach (var path in (string[])["/_mcpr/control", "/_mcpr/data", "/healthz"])
        {
            await caller.SendAsync($"GET {path} HTTP/1.1\r\nHost: {bed.Host}\r\n\r\n", Cancellation);
            var response = await caller.ReadResponseAsync(Cancellation);
            Assert.Equal(path, Calls.Text(await response.ReadBodyAsync(Cancellation)));
        }
    }

    private static async Task<RawResponse> AssertJsonRpcErrorAsync(int port, string host, int status, int code, string source)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", port, Cancellation);
        await caller.SendAsync(Calls.Post(host, "/mcp", StringIdCall), Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, "POST");
        await AssertJsonRpcErrorAsync(response, status, code, source, "\"a\\\"1\"");
        return response;
    }

    private static async Task AssertJsonRpcErrorAsync(RawResponse response, int status, int code, string source, string id)
    {
        using var body = JsonDocument.Parse(await response.ReadBodyAsync(Cancellation));
        var error = body.RootElement.GetProperty("error");
        var data = error.GetProperty("data");

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", response.Header("Content-Type"));
        Assert.Equal(FormattableString.Invariant($"E{code}"), response.Header("mcpr-error"));
        Assert.Equal(id, body.RootElement.GetProperty("id").GetRawText());
        Assert.Equal(code, error.GetProperty("code").GetInt32());
        Assert.Equal(source, data.GetProperty("source").GetString());
        Assert.NotEmpty(data.GetProperty("hint").GetString()!);
    }
}
