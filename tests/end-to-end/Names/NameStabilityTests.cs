using System.Text.RegularExpressions;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Names;

/// <summary>The same URL tomorrow, and nobody else gets it.</summary>
public sealed partial class NameStabilityTests
{
    private const string Origin = "9";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task FirstRun_GetsAReadableName()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var connector = await ConnectorProcess.StartAsync(relay, Origin, Cancellation);

        Assert.Matches(ReadableName(), connector.Url.Host);
        Assert.Equal(relay.Port, connector.Url.Port);
        Assert.Equal("/mcp", connector.Url.AbsolutePath);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Restart_OfEitherOrBoth_KeepsTheUrl()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var connector = await ConnectorProcess.StartAsync(relay, Origin, Cancellation);
        var first = connector.Url;

        connector.Process.Interrupt();
        await connector.Process.WaitForExitAsync(Cancellation);
        await connector.RestartAsync(Cancellation);
        Assert.Equal(first, connector.Url);

        await relay.Process.KillAsync();
        await connector.Process.KillAsync();
        await relay.RestartAsync(Cancellation);
        await connector.RestartAsync(Cancellation);
        Assert.Equal(first, connector.Url);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AnotherServerOfTheSameUser_GetsAnotherName()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var one = await ConnectorProcess.StartAsync(relay, Origin, Cancellation);
        await using var two = await ConnectorProcess.StartAsync(relay, "10", Cancellation, one.ConfigFolder);

        Assert.NotEqual(one.Url, two.Url);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WantedName_IsGranted()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var connector = await ConnectorProcess.StartAsync(relay, Origin, Cancellation, extraArguments: ["--name", "My-Server"]);

        Assert.Equal("my-server.localhost", connector.Url.Host);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NameOfAnotherIdentity_IsRefusedAlsoWhileItsOwnerIsAway()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using (await ConnectorProcess.StartAsync(relay, Origin, Cancellation, extraArguments: ["--name", "taken"])) { }

        await using var thief = ConnectorProcess.Launch(relay, Origin, extraArguments: ["--name", "taken"]);

        Assert.Equal(7, await thief.Process.WaitForExitAsync(Cancellation));
        Assert.Empty(thief.Process.Output.Lines);
        Assert.Contains(
            thief.Process.Error.Lines,
            line => line.Contains("Name belongs to somebody else: taken [E7301]", StringComparison.Ordinal)
        );
        Assert.Contains(thief.Process.Error.Lines, line => line.StartsWith("mcpr: hint:", StringComparison.Ordinal));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("ab")]
    [InlineData("www")]
    [InlineData("xn--nxasmq6b")]
    [InlineData("under_score")]
    [InlineData("-start")]
    public async Task NameThatIsNotAllowed_IsRefused(string name)
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var connector = ConnectorProcess.Launch(relay, Origin, extraArguments: [$"--name={name}"]);

        Assert.Equal(7, await connector.Process.WaitForExitAsync(Cancellation));
        Assert.Contains(connector.Process.Error.Lines, line => line.Contains("[E7302]", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NewerConnectorOfTheSameOwner_WinsAtOnceAndTheOlderIsTold()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        var mcp = origin.BaseAddress.GetLeftPart(UriPartial.Authority);
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var older = await ConnectorProcess.StartAsync(relay, mcp, Cancellation);
        await using var newer = await ConnectorProcess.StartAsync(relay, mcp, Cancellation, older.ConfigFolder);

        Assert.Equal(older.Url, newer.Url);
        Assert.Equal(7, await older.Process.WaitForExitAsync(Cancellation));
        Assert.Contains(older.Process.Error.Lines, line => line.Contains("[E3103]", StringComparison.Ordinal));

        // The older one is gone with everything it cleans up; the newer one serves on.
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync(Calls.Post(newer.Url, Calls.Echo("1", "still-here")), Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, "POST");
        Assert.Equal(Calls.EchoResult("1", "still-here"), Calls.Text(await response.ReadBodyAsync(Cancellation)));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TakenOver_ExchangesUnderWayFinishOnTheOlder()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        var mcp = origin.BaseAddress.GetLeftPart(UriPartial.Authority);
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var older = await ConnectorProcess.StartAsync(relay, mcp, Cancellation);
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync(Calls.Post(older.Url, Calls.Slow("7", "slow")), Cancellation);
        await origin.SlowCallsWaiting.WhenAsync(count => count == 1, Cancellation);

        await using var newer = await ConnectorProcess.StartAsync(relay, mcp, Cancellation, older.ConfigFolder);
        origin.ReleaseSlowCalls();
        var response = await caller.ReadResponseAsync(Cancellation, "POST");

        Assert.Equal(Calls.EchoResult("7", "slow"), Calls.Text(await response.ReadBodyAsync(Cancellation)));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task FullRelay_RefusesAnotherTunnelButLetsANameChangeHands()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--max-tunnels", "1");
        await using var older = await ConnectorProcess.StartAsync(relay, Origin, Cancellation);

        await using var another = ConnectorProcess.Launch(relay, Origin);
        await another.Process.Error.WaitForAsync(line => line.Contains("[E7502]", StringComparison.Ordinal), Cancellation);
        await using var newer = await ConnectorProcess.StartAsync(relay, Origin, Cancellation, older.ConfigFolder);

        Assert.Equal(older.Url, newer.Url);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Token_IsAnIdentityOfItsOwn()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--allow-anonymous", "false");
        await using var creation = ChildProcess.Start(Programs.Relay, ["tokens", "create", "--name", "alice", "--data", relay.DataFolder]);
        Assert.Equal(0, await creation.WaitForExitAsync(Cancellation));
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_TOKEN"] = Assert.Single(creation.Output.Lines) };

        await using var anonymous = ConnectorProcess.Launch(relay, Origin);
        Assert.Equal(4, await anonymous.Process.WaitForExitAsync(Cancellation));
        Assert.Contains(anonymous.Process.Error.Lines, line => line.Contains("[E7102]", StringComparison.Ordinal));

        // The same token on another machine is the same owner.
        await using var here = await ConnectorProcess.StartAsync(
            relay,
            Origin,
            Cancellation,
            environment: environment,
            extraArguments: ["--name", "ours"]
        );
        await using var there = await ConnectorProcess.StartAsync(
            relay,
            Origin,
            Cancellation,
            environment: environment,
            extraArguments: ["--name", "ours"]
        );
        Assert.Equal(here.Url, there.Url);
        Assert.DoesNotContain(
            relay.Process.Error.Lines.Concat(relay.Process.Output.Lines),
            line => line.Contains("mcprt_", StringComparison.Ordinal)
        );
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("nonsense")]
    [InlineData("mcprt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task WrongToken_StopsWithWhatToDo(string token)
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var connector = ConnectorProcess.Launch(
            relay,
            Origin,
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_TOKEN"] = token }
        );

        Assert.Equal(4, await connector.Process.WaitForExitAsync(Cancellation));
        Assert.Contains(connector.Process.Error.Lines, line => line.Contains("[E7101]", StringComparison.Ordinal));
        Assert.DoesNotContain(connector.Process.Error.Lines, line => line.Contains(token, StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TokenThatIsNoToken_IsNotEvenSent()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var connector = ConnectorProcess.Launch(
            relay,
            Origin,
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_TOKEN"] = "two\nlines" }
        );

        Assert.Equal(3, await connector.Process.WaitForExitAsync(Cancellation));
        Assert.Equal(2, connector.Process.Error.Lines.Count);
    }

    [GeneratedRegex("^[a-z]+-[a-z]+\\.localhost$", RegexOptions.NonBacktracking)]
    private static partial Regex ReadableName();
}
