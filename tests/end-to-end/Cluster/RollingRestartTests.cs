using System.Diagnostics;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Cluster;

/// <summary>What callers notice of relays that go: nothing when they are told to, only what ran on them when they are killed.</summary>
[Trait("needs", "redis")]
[Trait("needs", "haproxy")]
[Trait("tier", "slow")]
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const int Restarts = 10;
    private const int ShortCallers = 4;
    private const int StreamCallers = 4;
    private const int RightAnswers = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task TenRollingRestarts_FailNoCall()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await BalancedBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var load = SteadyLoad.Start(bed.Url, bed.NewClient, ShortCallers, StreamCallers);

        for (var restart = 0; restart < Restarts; restart++)
        {
            await load.WhenRightAsync(RightAnswers, Cancellation);
            var relay = bed.Relays[restart % bed.Relays.Count];
            relay.Process.Terminate();
            Assert.Equal(0, await relay.Process.WaitForExitAsync(Cancellation));
            await relay.RestartAsync(Cancellation);
        }

        await load.WhenRightAsync(RightAnswers, Cancellation);
        output.WriteLine(load.ToString());
        output.WriteLine(string.Join('\n', bed.Connector.Error.Lines.Where(line => line.StartsWith("mcpr:", StringComparison.Ordinal))));
        Assert.Empty(load.Failures);
        Assert.False(bed.Connector.HasExited);
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task KilledRelay_FailsOnlyWhatRanOnIt()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await BalancedBed.StartAsync(origin.BaseAddress, Cancellation);
        var (killed, left) = (bed.Relays[0], bed.Relays[1]);
        var onKilled = await StartSlowCallsAsync(killed, bed.Url, 3);
        var onLeft = await StartSlowCallsAsync(left, bed.Url, 5);
        await origin.SlowCallsWaiting.WhenAsync(count => count == onKilled.Count + onLeft.Count, Cancellation);
        await using var load = SteadyLoad.Start(bed.Url, bed.NewClient, ShortCallers, StreamCallers);
        await load.WhenRightAsync(RightAnswers, Cancellation);

        await killed.Process.KillAsync();
        var killedAt = Stopwatch.GetTimestamp();
        await load.WhenRightAsync(RightAnswers * ShortCallers, Cancellation);
        origin.ReleaseSlowCalls();

        foreach (var call in onKilled)
        {
            await Assert.ThrowsAnyAsync<IOException>(() => call.ReadResponseAsync(Cancellation, "POST"));
        }

        foreach (var call in onLeft)
        {
            Assert.Equal(200, (await call.ReadResponseAsync(Cancellation, "POST")).StatusCode);
        }

        output.WriteLine(load.ToString());
        Assert.DoesNotContain(load.Failures, failure => failure.BegunAt > killedAt);
        Assert.InRange(load.Failures.Count, 0, ShortCallers + StreamCallers);
        Assert.DoesNotContain(bed.Connector.Error.Lines, line => line.Contains("lost", StringComparison.Ordinal));
        foreach (var call in onKilled.Concat(onLeft))
        {
            await call.DisposeAsync();
        }
    }

    private static async Task<List<RawHttpClient>> StartSlowCallsAsync(RelayProcess relay, Uri url, int count)
    {
        List<RawHttpClient> calls = [];
        for (var number = 0; number < count; number++)
        {
            var call = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
            await call.SendAsync(Calls.Post(url, Calls.Slow("1", "x")), Cancellation);
            calls.Add(call);
        }

        return calls;
    }
}
