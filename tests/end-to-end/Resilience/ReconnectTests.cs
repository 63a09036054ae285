using System.Diagnostics;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Resilience;

/// <summary>Pulling plugs: what comes back, how soon, and what it costs.</summary>
public sealed class ReconnectTests
{
    /// <summary>What the product promises, from the moment the relay listens.</summary>
    private static readonly TimeSpan s_backAgainPromise = TimeSpan.FromSeconds(3);

    /// <summary>A dead peer is noticed after 15 s of silence; the rest is for a busy machine.</summary>
    private static readonly TimeSpan s_deadPeerPromise = TimeSpan.FromSeconds(22);

    /// <summary>Long enough to be noticed, too short for the usual pings to notice soon after.</summary>
    private static readonly TimeSpan s_nap = TimeSpan.FromSeconds(4.5);

    /// <summary>After sleep an answer may take 5 s; the rest is for a busy machine.</summary>
    private static readonly TimeSpan s_wakePromise = TimeSpan.FromSeconds(8);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RelayKilledOrStopped_TheSameUrlIsBackWithinThreeSecondsOfListening(bool kill)
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);

        if (kill)
        {
            await bed.Relay.Process.KillAsync();
        }
        else
        {
            bed.Relay.Process.Terminate();
            Assert.Equal(0, await bed.Relay.Process.WaitForExitAsync(Cancellation));
        }

        await bed.Relay.RestartAsync(Cancellation);
        var listening = Stopwatch.GetTimestamp();
        await bed.Connector.Process.Error.WaitForAsync(line => line.Contains("same URL", StringComparison.Ordinal), Cancellation);

        Assert.InRange(Stopwatch.GetElapsedTime(listening), TimeSpan.Zero, s_backAgainPromise);
        await AssertServesAsync(bed);
        Assert.Single(bed.Connector.Process.Output.Lines);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorKilled_ItsRestartTakesTheNameBackAtOnce()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        var url = bed.Url;

        await bed.Connector.Process.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await bed.Connector.RestartAsync(Cancellation);

        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, s_backAgainPromise);
        Assert.Equal(url, bed.Url);
        await AssertServesAsync(bed);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayAwayAtTheStart_TheTunnelComesUpWhenItIsThere()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await relay.Process.KillAsync();
        await using var connector = ConnectorProcess.Launch(relay, "9");
        await connector.Process.Error.WaitForAsync(line => line.Contains("cannot reach", StringComparison.Ordinal), Cancellation);

        await relay.RestartAsync(Cancellation);

        Assert.Contains("/mcp", await connector.Process.Output.WaitForAsync(_ => true, Cancellation), StringComparison.Ordinal);
    }

    // The control connection is the first that is opened; the data connections follow.
    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task OneDataConnectionLost_TheOtherCarriesEverything(int lost)
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var link = TcpLink.To(relay.Port);
        await using var connector = await StartThroughAsync(link, relay, origin);
        await WaitUntilBothCarryAsync(relay);

        link.Cut(lost);
        await relay.Process.Error.WaitForAsync(line => line.Contains("connection lost", StringComparison.Ordinal), Cancellation);

        for (var call = 0; call < 20; call++)
        {
            Assert.Equal(200, await CallAsync(relay, connector.Url));
        }
    }

    [Fact(Timeout = 2 * TestLimits.DefaultMilliseconds)]
    [Trait("tier", "slow")]
    public async Task HalfOpenNetwork_IsNoticedAndLeftBehind()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var link = TcpLink.To(relay.Port);
        await using var connector = await StartThroughAsync(link, relay, origin);
        await WaitUntilBothCarryAsync(relay);

        link.Freeze();
        var frozen = Stopwatch.GetTimestamp();
        await connector.Process.Error.WaitForAsync(line => line.Contains("trying again", StringComparison.Ordinal), Cancellation);
        Assert.InRange(Stopwatch.GetElapsedTime(frozen), TimeSpan.Zero, s_deadPeerPromise);

        // The first try may still run into the dead network; the next one does not.
        link.Mend();
        await connector.Process.Error.WaitForAsync(line => line.Contains("same URL", StringComparison.Ordinal), Cancellation);
        Assert.Equal(200, await CallAsync(relay, connector.Url));
    }

    [Fact(Timeout = 2 * TestLimits.DefaultMilliseconds)]
    [Trait("tier", "slow")]
    public async Task SleepThatTheNetworkDidNotSurvive_IsNoticedSoonAfterWaking()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var link = TcpLink.To(relay.Port);
        await using var connector = await StartThroughAsync(link, relay, origin);
        await WaitUntilBothCarryAsync(relay);

        connector.Process.Suspend();
        link.Freeze();
        await Task.Delay(s_nap, TimeProvider.System, Cancellation);
        connector.Process.Resume();
        var woken = Stopwatch.GetTimestamp();
        await connector.Process.Error.WaitForAsync(line => line.Contains("trying again", StringComparison.Ordinal), Cancellation);
        Assert.InRange(Stopwatch.GetElapsedTime(woken), TimeSpan.Zero, s_wakePromise);

        link.Mend();
        await connector.Process.Error.WaitForAsync(line => line.Contains("same URL", StringComparison.Ordinal), Cancellation);
        Assert.Equal(200, await CallAsync(relay, connector.Url));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorKilledInTheMiddleOfAResponse_TheCallerSeesABrokenResponse()
    {
        await using var origin = SseOrigin.Start();
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var caller = await bed.ConnectRawAsync(Cancellation);
        await caller.SendAsync($"GET /sse HTTP/1.1\r\nHost: {bed.Host}\r\n\r\n", Cancellation);
        var stream = await origin.NextStreamAsync(Cancellation);
        await stream.SendAsync("data: 1\n\n", Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);
        await response.ReadBodyChunkAsync(Cancellation);

        await bed.Connector.Process.KillAsync();
        while (!(await response.ReadBodyChunkAsync(Cancellation)).IsEmpty) { }

        Assert.NotEqual(WireEnd.Complete, response.Ended);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CorporateProxy_IsHonoured()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var proxy = TcpLink.ConnectProxy();
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["http_proxy"] = $"http://127.0.0.1:{proxy.Port}",
            ["HTTPS_PROXY"] = $"http://127.0.0.1:{proxy.Port}",
            ["NO_PROXY"] = null,
            ["no_proxy"] = null,
        };
        await using var connector = await ConnectorProcess.StartAsync(relay, Authority(origin), Cancellation, environment: environment);

        Assert.Equal(200, await CallAsync(relay, connector.Url));
        Assert.Equal(3, proxy.ConnectTargets.Count);
        Assert.All(proxy.ConnectTargets, target => Assert.Equal(relay.Address.Authority, target));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Stopping_DoesNotWaitForStreamsThatNobodyEnds()
    {
        await using var origin = SseOrigin.Start();
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var caller = await bed.ConnectRawAsync(Cancellation);
        await caller.SendAsync($"GET /sse HTTP/1.1\r\nHost: {bed.Host}\r\n\r\n", Cancellation);
        await origin.NextStreamAsync(Cancellation);

        // The relay waits for the stream until the connector drops it.
        bed.Connector.Process.Terminate();
        bed.Relay.Process.Terminate();

        Assert.Equal(0, await bed.Connector.Process.WaitForExitAsync(Cancellation));
        Assert.Equal(0, await bed.Relay.Process.WaitForExitAsync(Cancellation));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(true, 130)]
    [InlineData(false, 143)]
    public async Task SecondSignal_DropsWhatIsStillRunning(bool interrupt, int exitCode)
    {
        await using var origin = SseOrigin.Start();
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var caller = await bed.ConnectRawAsync(Cancellation);
        await caller.SendAsync($"GET /sse HTTP/1.1\r\nHost: {bed.Host}\r\n\r\n", Cancellation);
        await origin.NextStreamAsync(Cancellation);

        bed.Connector.Process.Interrupt();
        await bed.Connector.Process.Error.WaitForAsync(line => line.Contains("stopping", StringComparison.Ordinal), Cancellation);
        if (interrupt)
        {
            bed.Connector.Process.Interrupt();
        }
        else
        {
            bed.Connector.Process.Terminate();
        }

        Assert.Equal(exitCode, await bed.Connector.Process.WaitForExitAsync(Cancellation));
    }

    private static string Authority(JsonRpcOrigin origin) => origin.BaseAddress.GetLeftPart(UriPartial.Authority);

    private static Task<ConnectorProcess> StartThroughAsync(TcpLink link, RelayProcess relay, JsonRpcOrigin origin) =>
        ConnectorProcess.StartAsync(relay, Authority(origin), Cancellation, through: link);

    private static Task<string> WaitUntilBothCarryAsync(RelayProcess relay) =>
        relay.Process.Error.WaitForAsync(line => line.Contains("connections=2", StringComparison.Ordinal), Cancellation);

    private static async Task<int> CallAsync(RelayProcess relay, Uri url)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync(Calls.Post(url, Calls.Echo("1", "x")), Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, "POST");
        await response.ReadBodyAsync(Cancellation);
        return response.StatusCode;
    }

    private static async Task AssertServesAsync(TunnelBed bed) => Assert.Equal(200, await CallAsync(bed.Relay, bed.Url));
}
