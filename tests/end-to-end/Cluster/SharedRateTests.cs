using System.Diagnostics;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Cluster;

/// <summary>A rate is that of all relays together, within what docs/cluster.md says.</summary>
[Trait("needs", "redis")]
public sealed class SharedRateTests
{
    private const int PerSecond = 40;

    private static readonly TimeSpan s_load = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LoadOnTwoRelays_GetsTheRateOfOne()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var cluster = await StartAsync(origin);

        var watch = Stopwatch.StartNew();
        var served = await Task.WhenAll(AskAsync(cluster, cluster.First), AskAsync(cluster, cluster.Second));

        // A second's worth at once, the rate after that, and what two relays let through before they know of each other.
        var most = PerSecond * (watch.Elapsed.TotalSeconds + 2);
        Assert.InRange(served.Sum(), 0.8 * PerSecond * s_load.TotalSeconds, most);
        Assert.All(served, count => Assert.True(count > PerSecond, $"one got {count} of {served.Sum()}"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WithoutRedis_EachRelayKeepsToTheRate()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var cluster = await StartAsync(origin);
        Assert.True(await AskAsync(cluster, cluster.Second) > 0);
        await cluster.Redis.KillAsync();

        var watch = Stopwatch.StartNew();
        var served = await Task.WhenAll(AskAsync(cluster, cluster.First), AskAsync(cluster, cluster.Second));

        Assert.All(
            served,
            count => Assert.InRange(count, 0.8 * PerSecond * s_load.TotalSeconds, PerSecond * (watch.Elapsed.TotalSeconds + 1))
        );
    }

    private static Task<ClusterBed> StartAsync(JsonRpcOrigin origin) =>
        ClusterBed.StartAsync(
            origin.BaseAddress,
            relayArguments: ["--request-rate-per-tunnel", $"{PerSecond}"],
            connectorArguments: [],
            Cancellation
        );

    /// <returns>How many calls were answered; the others were told to come later.</returns>
    private static async Task<int> AskAsync(ClusterBed cluster, RelayProcess relay)
    {
        using var pause = new PeriodicTimer(s_pause);
        var watch = Stopwatch.StartNew();
        var served = 0;
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        while (watch.Elapsed < s_load && await pause.WaitForNextTickAsync(Cancellation))
        {
            await caller.SendAsync(Calls.Post(cluster.Tunnel.Url, Calls.Echo("1", "x")), Cancellation);
            var response = await caller.ReadResponseAsync(Cancellation, "POST");
            await response.ReadBodyAsync(Cancellation);
            Assert.Equal(response.StatusCode == 200 ? null : "E1203", response.Header("mcpr-error"));
            served += response.StatusCode == 200 ? 1 : 0;
        }

        return served;
    }
}
