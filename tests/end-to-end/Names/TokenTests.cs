using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Names;

/// <summary>Tokens as an operator handles them and as a user keeps them.</summary>
public sealed class TokenTests
{
    private const string Origin = "9";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RevokedToken_ClosesItsTunnelWithinSecondsAndNobodyElses()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        var mcp = origin.BaseAddress.GetLeftPart(UriPartial.Authority);
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var alice = await ConnectorProcess.StartAsync(relay, mcp, Cancellation, environment: await TokenAsync(relay, "alice"));
        await using var bob = await ConnectorProcess.StartAsync(relay, mcp, Cancellation, environment: await TokenAsync(relay, "bob"));
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync(Calls.Post(alice.Url, Calls.Slow("1", "x")), Cancellation);
        await origin.SlowCallsWaiting.WhenAsync(count => count == 1, Cancellation);

        Assert.Equal(0, (await RunAsync(relay, "tokens", "revoke", "--name", "alice")).ExitCode);

        Assert.Equal(4, await alice.Process.WaitForExitAsync(Cancellation));
        Assert.Contains(alice.Process.Error.Lines, line => line.Contains("[E7104]", StringComparison.Ordinal));
        Assert.Equal(502, (await caller.ReadResponseAsync(Cancellation, "POST")).StatusCode);
        await using var other = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await other.SendAsync(Calls.Post(bob.Url, Calls.Echo("1", "x")), Cancellation);
        Assert.Equal(200, (await other.ReadResponseAsync(Cancellation, "POST")).StatusCode);
        await using var late = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await late.SendAsync(Calls.Post(alice.Url, Calls.Echo("1", "x")), Cancellation);
        Assert.Equal("E3101", (await late.ReadResponseAsync(Cancellation, "POST")).Header("mcpr-error"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ExpiringToken_ClosesItsTunnel()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        var environment = await TokenAsync(relay, "alice", "--expires", "4s");
        await using var connector = await ConnectorProcess.StartAsync(relay, Origin, Cancellation, environment: environment);

        Assert.Equal(4, await connector.Process.WaitForExitAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Patterns_DecideAboutNamesThatAreAskedForAndGenerated()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        var environment = await TokenAsync(relay, "alice", "--names", "alice-*");

        await using var generated = await ConnectorProcess.StartAsync(relay, Origin, Cancellation, environment: environment);
        await using var refused = ConnectorProcess.Launch(relay, Origin, environment: environment, extraArguments: ["--name", "bob"]);

        Assert.StartsWith("alice-", generated.Url.Host, StringComparison.Ordinal);
        Assert.Equal(7, await refused.Process.WaitForExitAsync(Cancellation));
        Assert.Contains(refused.Process.Error.Lines, line => line.Contains("[E7303]", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TunnelsOfAToken_AreBounded()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        var environment = await TokenAsync(relay, "alice", "--max-tunnels", "1");
        await using var first = await ConnectorProcess.StartAsync(
            relay,
            Origin,
            Cancellation,
            environment: environment,
            extraArguments: ["--name", "one"]
        );
        await using var second = ConnectorProcess.Launch(relay, Origin, environment: environment, extraArguments: ["--name", "two"]);
        await second.Process.Error.WaitForAsync(line => line.Contains("[E7504]", StringComparison.Ordinal), Cancellation);

        first.Process.Interrupt();

        Assert.Contains("two.localhost", await second.Process.Output.WaitForAsync(_ => true, Cancellation), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LoggedInUser_NeedsNoVariableUntilLoggedOut()
    {
        using var folder = new TemporaryFolder();
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--allow-anonymous", "false");
        var tokenFile = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(tokenFile, (await TokenAsync(relay, "alice"))["MCPR_TOKEN"] + "\n", Cancellation);

        var login = await MeAsync(relay, folder, "login", "--token-file", tokenFile);
        await using (
            var connector = await ConnectorProcess.StartAsync(relay, Origin, Cancellation, folder.Path, extraArguments: ["--name", "shop"])
        )
        {
            Assert.Equal("shop.localhost", connector.Url.Host);
        }

        var who = await MeAsync(relay, folder, "whoami");
        var names = await MeAsync(relay, folder, "names", "list");
        var logout = await MeAsync(relay, folder, "logout");
        var after = await MeAsync(relay, folder, "whoami");

        Assert.Equal((0, 0, 0, 0, 4), (login.ExitCode, who.ExitCode, names.ExitCode, logout.ExitCode, after.ExitCode));
        Assert.Contains("logged in", Assert.Single(login.Error), StringComparison.Ordinal);
        Assert.Equal("owner    token:alice", who.Output[0]);
        Assert.StartsWith($"shop\thttp://shop.localhost:{relay.Port}\t", Assert.Single(names.Output), StringComparison.Ordinal);
        Assert.Contains("[E7102]", after.Error[0], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WrongToken_IsNotKept()
    {
        using var folder = new TemporaryFolder();
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        var tokenFile = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(tokenFile, "nonsense", Cancellation);

        var login = await MeAsync(relay, folder, "login", "--token-file", tokenFile);

        Assert.Equal(4, login.ExitCode);
        Assert.Contains("[E7101]", login.Error[0], StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Path, "mcpr", "credentials")));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Names_AreReservedListedAndReleased()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--anonymous-max-names", "2");

        Assert.Equal(0, (await MeAsync(relay, folder, "names", "reserve", "My-Shop")).ExitCode);
        Assert.Equal(0, (await MeAsync(relay, folder, "names", "reserve", "another")).ExitCode);
        var tooMany = await MeAsync(relay, folder, "names", "reserve", "third");
        var invalid = await MeAsync(relay, folder, "names", "reserve", "www");
        var taken = await MeAsync(relay, other, "names", "reserve", "my-shop");
        var list = await MeAsync(relay, folder, "names", "list");
        var notOwned = await MeAsync(relay, other, "names", "release", "my-shop");
        var released = await MeAsync(relay, folder, "names", "release", "my-shop");
        var free = await MeAsync(relay, other, "names", "reserve", "my-shop");

        Assert.Equal(
            (7, 7, 7, 7, 0, 0),
            (tooMany.ExitCode, invalid.ExitCode, taken.ExitCode, notOwned.ExitCode, released.ExitCode, free.ExitCode)
        );
        Assert.Contains("[E7305]", tooMany.Error[0], StringComparison.Ordinal);
        Assert.Contains("[E7302]", invalid.Error[0], StringComparison.Ordinal);
        Assert.Contains("[E7301]", taken.Error[0], StringComparison.Ordinal);
        Assert.Contains("[E7307]", notOwned.Error[0], StringComparison.Ordinal);
        Assert.Equal(["another", "my-shop"], list.Output.Select(line => line.Split('\t')[0]), StringComparer.Ordinal);
        Assert.All(list.Output, line => Assert.Equal("away", line.Split('\t')[2]));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BannedName_LosesItsTunnelWithinSeconds()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var connector = await ConnectorProcess.StartAsync(relay, Origin, Cancellation, extraArguments: ["--name", "my-bank"]);

        Assert.Equal(0, (await RunAsync(relay, "names", "ban", "my-bank", "--reason", "phishing")).ExitCode);

        Assert.Equal(7, await connector.Process.WaitForExitAsync(Cancellation));
        Assert.Contains(connector.Process.Error.Lines, line => line.Contains("[E7304]", StringComparison.Ordinal));
        Assert.Contains("my-bank\t", Assert.Single((await RunAsync(relay, "names", "bans")).Output), StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, string?>> TokenAsync(RelayProcess relay, string name, params string[] options)
    {
        var created = await RunAsync(relay, ["tokens", "create", "--name", name, .. options]);
        Assert.Equal(0, created.ExitCode);
        return new(StringComparer.Ordinal) { ["MCPR_TOKEN"] = Assert.Single(created.Output) };
    }

    private static Task<Outcome> RunAsync(RelayProcess relay, params string[] arguments) =>
        Outcome.OfAsync(ChildProcess.Start(Programs.Relay, [.. arguments, "--data", relay.DataFolder]));

    private static Task<Outcome> MeAsync(RelayProcess relay, TemporaryFolder folder, params string[] arguments) =>
        Outcome.OfAsync(LocalProxy.Launch([.. arguments, "--relay", relay.Address.AbsoluteUri], folder.Path));
}
