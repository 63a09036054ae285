using System.Diagnostics;
using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Cli;

/// <summary>The proxy on a port of this machine, alone and beside a tunnel.</summary>
public sealed class LocalPortTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("proxy")]
    [InlineData("")]
    public async Task Call_IsAnsweredAndStandardOutputHasTheUrlAndNothingElse(string command)
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        string[] arguments = ["--mcp", origin.BaseAddress.AbsoluteUri, "--port", "0"];
        await using var proxy = await LocalProxy.StartAsync(command.Length > 0 ? [command, .. arguments] : arguments, Cancellation);

        var response = await CallAsync(proxy.Url, proxy.Url.Authority);

        Assert.Equal(200, response.StatusCode);
        Assert.Equal(Calls.EchoResult("7", "x"), await BodyOf(response));
        await proxy.Process.Error.WaitForAsync(line => line.Contains(" POST 200 ", StringComparison.Ordinal), Cancellation);
        proxy.Process.Interrupt();
        Assert.Equal(0, await proxy.Process.WaitForExitAsync(Cancellation));
        Assert.Equal(proxy.Url.AbsoluteUri, Assert.Single(proxy.Process.Output.Lines));
        Assert.Matches(@"^http://127\.0\.0\.1:\d+/mcp$", proxy.Url.AbsoluteUri);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("evil.example", null, "Host is evil.example")]
    [InlineData("localhost.evil.example:1", null, "Host is")]
    [InlineData("localhost", "https://evil.example", "Origin is https://evil.example")]
    [InlineData("localhost", "null", "Origin is null")]
    [InlineData("probe.invalid", null, "Host is probe.invalid")]
    public async Task ForeignCaller_Gets403WithItsId(string host, string? from, string detail)
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var proxy = await LocalProxy.StartAsync(
            ["proxy", "--mcp", origin.BaseAddress.AbsoluteUri, "--port", "0"],
            Cancellation
        );

        var response = await CallAsync(proxy.Url, host, from);

        Assert.Equal(403, response.StatusCode);
        Assert.Equal("E1004", response.Header("mcpr-error"));
        using var error = JsonDocument.Parse(await BodyOf(response));
        Assert.Equal(7, error.RootElement.GetProperty("id").GetInt32());
        Assert.StartsWith(
            detail,
            error.RootElement.GetProperty("error").GetProperty("data").GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(0, origin.Answered.Value);
        await proxy.Process.Error.WaitForAsync(
            line => line.Contains($" tools/call echo [E1004] → nowhere, {detail}", StringComparison.Ordinal),
            Cancellation
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NamesThatWereGiven_GetIn()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var proxy = await LocalProxy.StartAsync(
            ["--mcp", origin.BaseAddress.AbsoluteUri, "--port", "0", "--allow-host", "a.example", "--allow-host", "b.example"],
            Cancellation
        );

        Assert.Equal(200, (await CallAsync(proxy.Url, "a.example:8080", "https://b.example")).StatusCode);
        Assert.Equal(403, (await CallAsync(proxy.Url, "c.example", "https://b.example")).StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallerCannotSayWhereItComesFrom()
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        await using var proxy = await LocalProxy.StartAsync(["--mcp", origin.BaseAddress.AbsoluteUri, "--port", "0"], Cancellation);
        await using var caller = await RawHttpClient.ConnectAsync(proxy.Url, Cancellation);
        await caller.SendAsync(
            "GET /x HTTP/1.1\r\nHost: localhost:1\r\nOrigin: http://localhost:1\r\nX-Forwarded-For: 1.2.3.4\r\n"
                + "X-Real-IP: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nX-Drop: 1\r\nConnection: x-drop\r\n\r\n",
            Cancellation
        );
        await caller.ReadResponseAsync(Cancellation);

        var request = await origin.NextRequestAsync(Cancellation);
        Assert.Equal(["127.0.0.1"], request.Headers("X-Forwarded-For"));
        Assert.Equal(["localhost:1"], request.Headers("X-Forwarded-Host"));
        Assert.Equal(["http"], request.Headers("X-Forwarded-Proto"));
        Assert.Equal(["for=127.0.0.1;host=\"localhost:1\";proto=http"], request.Headers("Forwarded"));
        Assert.Empty(request.Headers("X-Real-IP"));
        Assert.Empty(request.Headers("X-Drop"));
        Assert.Equal(origin.BaseAddress.GetLeftPart(UriPartial.Authority), request.Header("Origin"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TunnelAndPort_WorkSideBySide()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation, "--port", "0");
        var said = await bed.Connector.Process.Error.WaitForAsync(
            line => line.Contains("listening on ", StringComparison.Ordinal),
            Cancellation
        );
        var local = new Uri(said.Split("listening on ")[1]);

        await using var visitor = await bed.ConnectRawAsync(Cancellation);
        // The relay decides about Host, and the server about Origin: what a local caller may not say, a visitor may.
        await visitor.SendAsync(
            Calls
                .Post(bed.Url, Calls.Echo("1", "t"))
                .Replace("\r\n\r\n", "\r\nOrigin: https://evil.example\r\n\r\n", StringComparison.Ordinal),
            Cancellation
        );

        Assert.Equal(200, (await visitor.ReadResponseAsync(Cancellation, "POST")).StatusCode);
        Assert.Equal(200, (await CallAsync(local, local.Authority)).StatusCode);
        Assert.Equal(403, (await CallAsync(local, "evil.example")).StatusCode);
        Assert.Equal(bed.Url.AbsoluteUri, Assert.Single(bed.Connector.Process.Output.Lines));
        bed.Connector.Process.Interrupt();
        Assert.Equal(0, await bed.Connector.Process.WaitForExitAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SecondListener_Exits9WithAHint()
    {
        await using var first = await LocalProxy.StartAsync(["--mcp", "9", "--port", "0"], Cancellation);
        using var folder = new TemporaryFolder();
        await using var second = LocalProxy.Launch(["--mcp", "9", "--port", $"{first.Url.Port}"], folder.Path);

        Assert.Equal(9, await second.WaitForExitAsync(Cancellation));
        Assert.Empty(second.Output.Lines);
        Assert.Contains(second.Error.Lines, line => line.Contains($"127.0.0.1:{first.Url.Port} is in use", StringComparison.Ordinal));
        Assert.Contains(second.Error.Lines, line => line.StartsWith("mcpr: hint:", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Events_HaveStandardOutputToThemselves()
    {
        await using var proxy = await LocalProxy.StartAsync(["--mcp", "9", "--port", "0", "--events"], Cancellation);

        await proxy.Process.Error.WaitForAsync(line => line == proxy.Url.AbsoluteUri, Cancellation);
        proxy.Process.Interrupt();

        Assert.Equal(0, await proxy.Process.WaitForExitAsync(Cancellation));
        Assert.DoesNotContain(proxy.Process.Output.Lines, line => line.Contains("http://", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Interrupt_LetsARunningCallFinishAndTakesNoOther()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var proxy = await LocalProxy.StartAsync(["--mcp", origin.BaseAddress.AbsoluteUri, "--port", "0"], Cancellation);
        await using var caller = await RawHttpClient.ConnectAsync(proxy.Url, Cancellation);
        await caller.SendAsync(Calls.Post(proxy.Url, Calls.Slow("7", "x")), Cancellation);
        await origin.SlowCallsWaiting.WhenAsync(count => count == 1, Cancellation);

        proxy.Process.Interrupt();
        await proxy.Process.Error.WaitForAsync(line => line.StartsWith("mcpr: stopping", StringComparison.Ordinal), Cancellation);
        origin.ReleaseSlowCalls();
        var response = await caller.ReadResponseAsync(Cancellation, "POST");

        Assert.Equal(200, response.StatusCode);
        Assert.Equal(0, await proxy.Process.WaitForExitAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallThatNeverEnds_HoldsTheStopUpForFiveSecondsOnly()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var proxy = await LocalProxy.StartAsync(["--mcp", origin.BaseAddress.AbsoluteUri, "--port", "0"], Cancellation);
        await using var caller = await RawHttpClient.ConnectAsync(proxy.Url, Cancellation);
        await caller.SendAsync(Calls.Post(proxy.Url, Calls.Slow("7", "x")), Cancellation);
        await origin.SlowCallsWaiting.WhenAsync(count => count == 1, Cancellation);
        var interrupted = Stopwatch.GetTimestamp();

        proxy.Process.Interrupt();

        Assert.Equal(0, await proxy.Process.WaitForExitAsync(Cancellation));
        Assert.InRange(Stopwatch.GetElapsedTime(interrupted), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(9));
    }

    private static async Task<RawResponse> CallAsync(Uri url, string host, string? from = null)
    {
        await using var caller = await RawHttpClient.ConnectAsync(url, Cancellation);
        var call = Calls.Post(host, url.AbsolutePath, Calls.Echo("7", "x"));
        await caller.SendAsync(
            from is null ? call : call.Replace("\r\n\r\n", $"\r\nOrigin: {from}\r\n\r\n", StringComparison.Ordinal),
            Cancellation
        );
        var response = await caller.ReadResponseAsync(Cancellation, "POST");
        await response.ReadBodyAsync(Cancellation);
        return response;
    }

    private static Task<string> BodyOf(RawResponse response) => Task.FromResult(Calls.Text(response.BodyWireBytes.ToArray()));
}
