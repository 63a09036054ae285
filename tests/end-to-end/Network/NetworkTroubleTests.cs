using System.Diagnostics;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Resilience;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Network;

/// <summary>Real packets on a wire that gets hurt, and a system that notices or does not.</summary>
[Trait("needs", "netns")]
[Trait("tier", "slow")]
public sealed class NetworkTroubleTests(ITestOutputHelper output)
{
    private const int Callers = 4;

    /// <summary>Short enough for TCP to try again in time.</summary>
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(2);

    /// <summary>Longer than a connection may be silent after a disturbance.</summary>
    private static readonly TimeSpan s_while = TimeSpan.FromSeconds(8);

    /// <summary>What the product promises once the system says that there is a network again.</summary>
    private static readonly TimeSpan s_backPromise = TimeSpan.FromSeconds(3);

    /// <summary>The same with another address: connections may be silent for 5 s before they are given up.</summary>
    private static readonly TimeSpan s_movePromise = TimeSpan.FromSeconds(8);

    /// <summary>The same where nobody says anything: a dial of 10 s may be under way, and a pause follow it.</summary>
    private static readonly TimeSpan s_mendPromise = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task LinkDownForAMoment_StreamsGoOn()
    {
        await using var bed = await NetworkBed<SseOrigin>.StartAsync(
            () => Task.FromResult(SseOrigin.Start()),
            server => server.Port,
            Cancellation
        );
        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);
        await caller.SendAsync($"GET /sse HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\n\r\n", Cancellation);
        var stream = await bed.Server.NextStreamAsync(Cancellation);
        await stream.SendAsync("data: 1\n\n", Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);
        Assert.Equal("data: 1\n\n", Calls.Text((await response.ReadBodyChunkAsync(Cancellation)).ToArray()));

        await bed.Link.DownAsync(Cancellation);
        await stream.SendAsync("data: 2\n\n", Cancellation);
        await Task.Delay(s_moment, TimeProvider.System, Cancellation);
        await bed.Link.UpAsync(Cancellation);

        Assert.Equal("data: 2\n\n", Calls.Text((await response.ReadBodyChunkAsync(Cancellation)).ToArray()));
        Assert.DoesNotContain(bed.Connector.Lines, line => line.Contains("lost", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task LinkDownForAWhile_TheSameUrlServesSoonAfterItIsUp()
    {
        await HurtAsync(
            async bed =>
            {
                await bed.Link.DownAsync(Cancellation);
                await Task.Delay(s_while, TimeProvider.System, Cancellation);
                await bed.Link.UpAsync(Cancellation);
            },
            s_backPromise
        );
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task AnotherAddress_TheSameUrlServesSoonAfter()
    {
        await HurtAsync(bed => bed.Link.ChangeAddressAsync(Cancellation), s_movePromise);
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task HalfOpenConnections_AreNoticedAndLeftBehind()
    {
        await HurtAsync(
            async bed =>
            {
                bed.Link.Loss = 1;
                await bed.Connector.WaitForAsync(line => line.Contains("cannot reach", StringComparison.Ordinal), Cancellation);
                bed.Link.Loss = 0;
            },
            s_mendPromise
        );
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task SlowLossyLink_CallsAreAnsweredAndNothingIsLost()
    {
        await using var bed = await NetworkBed<JsonRpcOrigin>.StartAsync(
            () => JsonRpcOrigin.StartAsync(Cancellation),
            server => server.Port,
            Cancellation
        );

        // 300 ms there and back.
        bed.Link.Delay = TimeSpan.FromMilliseconds(150);
        bed.Link.Loss = 0.05;
        await using var load = CheckedLoad.Start(bed.Tunnel, Callers, bigBytes: 20_000);
        await load.WhenRightAsync(60, Cancellation);

        output.WriteLine(load.ToString());
        Assert.Empty(load.Wrong);
        Assert.Empty(load.Refused);
        Assert.Equal(0, load.Aborted.Value);
        Assert.DoesNotContain(bed.Connector.Lines, line => line.Contains("lost", StringComparison.Ordinal));
    }

    /// <summary>Hurts the network while callers call, and measures from the end of that.</summary>
    private async Task HurtAsync(Func<NetworkBed<JsonRpcOrigin>, Task> hurt, TimeSpan promise)
    {
        await using var bed = await NetworkBed<JsonRpcOrigin>.StartAsync(
            () => JsonRpcOrigin.StartAsync(Cancellation),
            server => server.Port,
            Cancellation
        );
        await using var load = CheckedLoad.Start(bed.Tunnel, Callers);
        await load.WhenRightAsync(20, Cancellation);

        await hurt(bed);
        var mended = Stopwatch.GetTimestamp();
        await bed.Connector.WaitForAsync(line => line.Contains("same URL", StringComparison.Ordinal), Cancellation);
        var back = Stopwatch.GetElapsedTime(mended);
        await load.WhenRightAsync(20, Cancellation);

        output.WriteLine(FormattableString.Invariant($"back after {back.TotalSeconds:0.0} s: {load}"));
        Assert.InRange(back, TimeSpan.Zero, promise);
        Assert.Empty(load.Wrong);
    }
}
