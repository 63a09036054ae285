using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Resilience;

/// <summary>Twenty kills of either side while callers call: nothing hangs, nothing is mixed up, nothing broken looks whole.</summary>
[Trait("tier", "slow")]
public sealed class KillsUnderLoadTests(ITestOutputHelper output)
{
    private const int Kills = 20;
    private const int Callers = 16;

    /// <summary>Between two kills the tunnel has to have worked.</summary>
    private const int RightAnswersBetweenKills = 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.LongMilliseconds)]
    [InlineData("connector")]
    [InlineData("relay")]
    public async Task TwentyKills_LeaveEveryCallAnsweredRefusedOrVisiblyAborted(string victim)
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var load = CheckedLoad.Start(bed, Callers);

        for (var kill = 0; kill < Kills; kill++)
        {
            await load.WhenRightAsync(RightAnswersBetweenKills, Cancellation);
            if (string.Equals(victim, "relay", StringComparison.Ordinal))
            {
                await bed.Relay.Process.KillAsync();
                await bed.Relay.RestartAsync(Cancellation);
            }
            else
            {
                await bed.Connector.Process.KillAsync();
                await bed.Connector.RestartAsync(Cancellation);
            }
        }

        await load.WhenRightAsync(RightAnswersBetweenKills, Cancellation);
        output.WriteLine($"{Kills} kills of the {victim}: {load}");

        Assert.Empty(load.Wrong);
    }
}
