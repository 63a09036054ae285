using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Names;

/// <summary>Several connectors of one owner behind one name.</summary>
public sealed class SharedNameTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorsThatJoin_ShareTheCallsAndOneMayDie()
    {
        await using var firstOrigin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var secondOrigin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var first = await JoinAsync(relay, firstOrigin, configFolder: null);
        await using var second = await JoinAsync(relay, secondOrigin, first.ConfigFolder);

        await CallAsync(relay, first.Url, count: 20);
        var shares = (firstOrigin.Answered.Value, secondOrigin.Answered.Value);
        await first.Process.KillAsync();
        await relay.Process.Error.WaitForAsync(line => line.Contains("control connection lost", StringComparison.Ordinal), Cancellation);
        await CallAsync(relay, first.Url, count: 20);

        Assert.Equal(20, shares.Item1 + shares.Item2);
        Assert.InRange(shares.Item1, 5, 15);
        Assert.Equal(shares.Item2 + 20, secondOrigin.Answered.Value);
        Assert.False(second.Process.HasExited);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorWhoseServerIsDown_IsAskedLast()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var healthy = await JoinAsync(relay, origin, configFolder: null);
        await using var failing = await ConnectorProcess.StartAsync(
            relay,
            "9",
            Cancellation,
            healthy.ConfigFolder,
            extraArguments: ["--name", "shared", "--join"]
        );

        List<int> statuses = [];
        for (var call = 0; call < 20; call++)
        {
            statuses.Add(await StatusAsync(relay, healthy.Url));
        }

        // One call finds out, and the others are spared.
        Assert.InRange(statuses.Count(status => status == 502), 0, 1);
        Assert.Equal(200, statuses[^1]);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorThatWantsTheNameAlone_EndsTheSharing()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var one = await JoinAsync(relay, origin, configFolder: null);
        await using var two = await JoinAsync(relay, origin, one.ConfigFolder);

        await using var alone = await ConnectorProcess.StartAsync(
            relay,
            "9",
            Cancellation,
            one.ConfigFolder,
            extraArguments: ["--name", "shared"]
        );

        Assert.Equal(7, await one.Process.WaitForExitAsync(Cancellation));
        Assert.Equal(7, await two.Process.WaitForExitAsync(Cancellation));
        Assert.False(alone.Process.HasExited);
    }

    private static Task<ConnectorProcess> JoinAsync(RelayProcess relay, JsonRpcOrigin origin, string? configFolder) =>
        ConnectorProcess.StartAsync(
            relay,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation,
            configFolder,
            extraArguments: ["--name", "shared", "--join"]
        );

    private static async Task CallAsync(RelayProcess relay, Uri url, int count)
    {
        for (var call = 0; call < count; call++)
        {
            Assert.Equal(200, await StatusAsync(relay, url));
        }
    }

    private static async Task<int> StatusAsync(RelayProcess relay, Uri url)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync(Calls.Post(url, Calls.Echo("1", "x")), Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, "POST");
        await response.ReadBodyAsync(Cancellation);
        return response.StatusCode;
    }
}
