using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Resilience;

/// <summary>A connector that is away for a moment costs the calls that it was working on, and no others.</summary>
public sealed class HoldTests(ITestOutputHelper output)
{
    private const int Callers = 16;
    private const int RightAnswersBefore = 100;
    private const int RightAnswersAfter = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("connector killed")]
    [InlineData("connector stopped")]
    [InlineData("network cut")]
    public async Task ConnectorAwayForAMomentUnderLoad_FailsOnlyWhatItWasWorkingOn(string what)
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartThroughLinkAsync(origin.BaseAddress, Cancellation);
        await using var load = CheckedLoad.Start(bed, Callers);
        await load.WhenRightAsync(RightAnswersBefore, Cancellation);

        switch (what)
        {
            case "connector killed":
                await bed.Connector.Process.KillAsync();
                await bed.Connector.RestartAsync(Cancellation);
                break;
            case "connector stopped":
                bed.Connector.Process.Terminate();
                await bed.Connector.Process.WaitForExitAsync(Cancellation);
                await bed.Connector.RestartAsync(Cancellation);
                break;
            default:
                bed.Link!.Cut();
                break;
        }

        await load.WhenRightAsync(RightAnswersAfter, Cancellation);
        output.WriteLine($"{what}: {load}");

        Assert.Empty(load.Wrong);
        Assert.Empty(load.Refused.Keys.Except(["E3201"], StringComparer.Ordinal));
        var allowed = string.Equals(what, "connector stopped", StringComparison.Ordinal) ? 0 : Callers;
        Assert.InRange(load.Refused.GetValueOrDefault("E3201") + load.Aborted.Value, 0, allowed);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallWhileTheConnectorIsAway_IsAnsweredWhenItIsBack()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await bed.Connector.Process.KillAsync();
        await bed.Relay.Process.Error.WaitForAsync(
            line => line.Contains("control connection lost", StringComparison.Ordinal),
            Cancellation
        );

        await using var caller = await bed.ConnectRawAsync(Cancellation);
        await caller.SendAsync(Calls.Post(bed.Url, Calls.Echo("1", "held")), Cancellation);
        await bed.Connector.RestartAsync(Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, "POST");

        Assert.Equal(Calls.EchoResult("1", "held"), Calls.Text(await response.ReadBodyAsync(Cancellation)));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallRightAfterTheRelayStarted_WaitsForTheConnectorThatWasThereBefore()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await bed.Connector.Process.KillAsync();
        await bed.Relay.Process.KillAsync();
        await bed.Relay.RestartAsync(Cancellation);

        await using var caller = await bed.ConnectRawAsync(Cancellation);
        await caller.SendAsync(Calls.Post(bed.Url, Calls.Echo("1", "held")), Cancellation);
        await bed.Connector.RestartAsync(Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, "POST");

        Assert.Equal(Calls.EchoResult("1", "held"), Calls.Text(await response.ReadBodyAsync(Cancellation)));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MoreThanMayWait_AreToldToComeAgain()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--max-held-per-tunnel", "1", "--hold", "60s");
        await using var connector = await ConnectorProcess.StartAsync(relay, "9", Cancellation);
        await connector.Process.KillAsync();
        await relay.Process.Error.WaitForAsync(line => line.Contains("control connection lost", StringComparison.Ordinal), Cancellation);

        // Which of the two waits is up to the relay.
        await using var one = await SendAsync(relay, connector);
        await using var two = await SendAsync(relay, connector);
        var refused = await await Task.WhenAny(one.ReadResponseAsync(Cancellation, "POST"), two.ReadResponseAsync(Cancellation, "POST"));

        Assert.Equal(503, refused.StatusCode);
        Assert.Equal("E2102", refused.Header("mcpr-error"));
        Assert.NotNull(refused.Header("Retry-After"));
    }

    private static async Task<RawHttpClient> SendAsync(RelayProcess relay, ConnectorProcess connector)
    {
        var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync(Calls.Post(connector.Url, Calls.Echo("1", "x")), Cancellation);
        return caller;
    }
}
