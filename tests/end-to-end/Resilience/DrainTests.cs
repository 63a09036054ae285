using System.Globalization;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Resilience;

/// <summary>A relay that is told to stop lets go of everything in order.</summary>
public sealed class DrainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RunningCall_FinishesAndNewOnesAreServedMeanwhile()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var running = await bed.ConnectRawAsync(Cancellation);
        await running.SendAsync(Calls.Post(bed.Url, Calls.Slow("1", "x")), Cancellation);
        await origin.SlowCallsWaiting.WhenAsync(count => count == 1, Cancellation);

        bed.Relay.Process.Terminate();
        await bed.Relay.Process.Error.WaitForAsync(line => line.Contains("draining", StringComparison.Ordinal), Cancellation);
        await bed.Connector.Process.Error.WaitForAsync(line => line.Contains("about to stop", StringComparison.Ordinal), Cancellation);
        var ready = await GetAsync(bed, "/readyz");
        var healthy = await GetAsync(bed, "/healthz");
        await using var late = await bed.ConnectRawAsync(Cancellation);
        await late.SendAsync(Calls.Post(bed.Url, Calls.Echo("2", "late")), Cancellation);
        var answer = await late.ReadResponseAsync(Cancellation, "POST");
        var lateBody = Calls.Text(await answer.ReadBodyAsync(Cancellation));
        origin.ReleaseSlowCalls();
        var finished = await running.ReadResponseAsync(Cancellation, "POST");

        Assert.Equal((503, 200), (ready, healthy));
        Assert.Equal(Calls.EchoResult("2", "late"), lateBody);
        Assert.Equal("close", answer.Header("Connection"));
        Assert.Equal(Calls.EchoResult("1", "x"), Calls.Text(await finished.ReadBodyAsync(Cancellation)));
        Assert.Equal(0, await bed.Relay.Process.WaitForExitAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StreamThatNobodyEnds_IsDroppedAfterTheGraceTime()
    {
        await using var origin = SseOrigin.Start();
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--drain", "2s");
        await using var connector = await ConnectorProcess.StartAsync(
            relay,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation
        );
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync($"GET /sse HTTP/1.1\r\nHost: {connector.Url.Authority}\r\n\r\n", Cancellation);
        await origin.NextStreamAsync(Cancellation);

        relay.Process.Terminate();

        Assert.Equal(0, await relay.Process.WaitForExitAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SecondSignal_EndsTheWaiting()
    {
        await using var origin = SseOrigin.Start();
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--drain", "10m");
        await using var connector = await ConnectorProcess.StartAsync(
            relay,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation
        );
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync($"GET /sse HTTP/1.1\r\nHost: {connector.Url.Authority}\r\n\r\n", Cancellation);
        await origin.NextStreamAsync(Cancellation);

        relay.Process.Terminate();
        await relay.Process.Error.WaitForAsync(line => line.Contains("draining", StringComparison.Ordinal), Cancellation);
        relay.Process.Terminate();

        Assert.Equal(0, await relay.Process.WaitForExitAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AnotherRelayBehindTheSameAddress_HasTheTunnelBeforeTheFirstStops()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var first = await RelayProcess.StartAsync(
            Cancellation,
            "--drain-delay",
            "10m",
            "--public-url",
            "http://localhost:9999"
        );
        await using var second = await RelayProcess.StartSharingAsync(first, Cancellation);
        await using var link = TcpLink.To(first.Port);
        await using var connector = await ConnectorProcess.StartAsync(
            first,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation,
            through: link
        );

        // What a load balancer does when readiness fails.
        link.Target = second.Port;
        first.Process.Terminate();
        await connector.Process.Error.WaitForAsync(line => line.Contains("opened anew, same URL", StringComparison.Ordinal), Cancellation);

        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", second.Port, Cancellation);
        await caller.SendAsync(Calls.Post(connector.Url, Calls.Echo("1", "x")), Cancellation);
        Assert.Equal(200, (await caller.ReadResponseAsync(Cancellation, "POST")).StatusCode);
        Assert.False(first.Process.HasExited);
        Assert.False(connector.Process.HasExited);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NodeUrl_IsWhereDataConnectionsGo()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var node = TcpLink.To(0);
        await using var relay = await RelayProcess.StartAsync(
            Cancellation,
            "--node-url",
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{node.Port}")
        );
        node.Target = relay.Port;

        await using var connector = await ConnectorProcess.StartAsync(
            relay,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation
        );
        await relay.Process.Error.WaitForAsync(line => line.Contains("connections=2", StringComparison.Ordinal), Cancellation);

        Assert.Equal(2, node.Connections);
    }

    private static async Task<int> GetAsync(TunnelBed bed, string path)
    {
        await using var caller = await bed.ConnectRawAsync(Cancellation);
        await caller.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n", Cancellation);
        return (await caller.ReadResponseAsync(Cancellation)).StatusCode;
    }
}
