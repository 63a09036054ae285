using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Cluster;

/// <summary>A connector is at two relays, and whatever ends its tunnel ends it at both.</summary>
[Trait("needs", "redis")]
public sealed class SecondRelayTests
{
    private static readonly Uri s_nowhere = new("http://127.0.0.1:9");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task KilledRelay_LeavesCallsToTheOtherAndIsReplaced()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await NodesBed.StartAsync(2, Cancellation);
        await using var connector = await bed.ConnectAsync(origin.BaseAddress, Cancellation);
        var (left, killed) = (bed.Nodes[0], bed.Nodes[1]);

        await killed.Process.KillAsync();
        var status = await CallAsync(left, connector.Url);
        await killed.RestartAsync(Cancellation);
        await NodesBed.WhenUpAsync(killed, Cancellation);

        Assert.Equal(200, status);
        Assert.Equal(200, await CallAsync(killed, connector.Url));
        Assert.DoesNotContain(connector.Process.Error.Lines, line => line.Contains("again", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatStops_IsLeftWithoutAWord()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await NodesBed.StartAsync(2, Cancellation);
        await using var connector = await bed.ConnectAsync(origin.BaseAddress, Cancellation);
        var (left, stopped) = (bed.Nodes[0], bed.Nodes[1]);

        stopped.Process.Terminate();

        Assert.Equal(0, await stopped.Process.WaitForExitAsync(Cancellation));
        Assert.Contains(stopped.Process.Error.Lines, line => line.Contains("reason=connector-stopped", StringComparison.Ordinal));
        Assert.Equal(200, await CallAsync(left, connector.Url));
        Assert.DoesNotContain(connector.Process.Error.Lines, line => line.Contains("stop", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OnlyRelayLeftThatStops_IsReplacedWhereItSays()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await NodesBed.StartAsync(2, Cancellation, "--drain-delay", "10m");
        await using var connector = await bed.ConnectAsync(origin.BaseAddress, Cancellation);
        var (stopped, back) = (bed.Nodes[0], bed.Nodes[1]);

        // Whoever dials the one address gets nobody: the way there is the one that the relay names.
        bed.Address.Target = FreePort.Next();
        bed.Address.Cut();
        await back.Process.KillAsync();
        await back.RestartAsync(Cancellation);
        stopped.Process.Terminate();
        await NodesBed.WhenUpAsync(back, Cancellation);

        Assert.Equal(200, await CallAsync(back, connector.Url));
        Assert.False(connector.Process.HasExited);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NewerConnector_TakesOverAtBothRelays()
    {
        await using var bed = await NodesBed.StartAsync(2, Cancellation);
        await using var older = await bed.ConnectAsync(s_nowhere, Cancellation, arguments: ["--name", "otter"]);

        await using var newer = await bed.ConnectAsync(s_nowhere, Cancellation, older.ConfigFolder, arguments: ["--name", "otter"]);

        Assert.Equal(7, await older.Process.WaitForExitAsync(Cancellation));
        Assert.False(newer.Process.HasExited);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TokenForOneTunnel_HasItAtTwoRelaysUntilItIsRevoked()
    {
        await using var bed = await NodesBed.StartAsync(2, Cancellation);
        var token = Assert.Single((await bed.RunAsync("tokens", "create", "--name", "alice", "--max-tunnels", "1")).Output);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_TOKEN"] = token };
        await using var connector = await bed.ConnectAsync(s_nowhere, Cancellation, environment: environment);

        Assert.Equal(0, (await bed.RunAsync("tokens", "revoke", "--name", "alice")).ExitCode);

        Assert.Equal(4, await connector.Process.WaitForExitAsync(Cancellation));
        foreach (var node in bed.Nodes)
        {
            await node.Process.Error.WaitForAsync(line => line.Contains("[1003]", StringComparison.Ordinal), Cancellation);
        }
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ThirdRelay_PassesOnToEitherOfTheTwo()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await NodesBed.StartAsync(3, Cancellation);
        await using var connector = await bed.ConnectAsync(origin.BaseAddress, Cancellation);
        var without = bed.Nodes.Single(node => !HasTunnel(node));
        var with = bed.Nodes.Where(HasTunnel).ToList();

        var before = await CallAsync(without, connector.Url);
        await with[0].Process.KillAsync();
        var after = await CallAsync(without, connector.Url);

        Assert.Equal((2, 200, 200), (with.Count, before, after));
    }

    private static bool HasTunnel(RelayProcess node) =>
        node.Process.Error.Lines.Any(line => line.Contains("data connection up", StringComparison.Ordinal));

    private static async Task<int> CallAsync(RelayProcess relay, Uri url)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync(Calls.Post(url, Calls.Echo("1", "x")), Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, "POST");
        await response.ReadBodyAsync(Cancellation);
        return response.StatusCode;
    }
}
