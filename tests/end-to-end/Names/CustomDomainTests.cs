using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Tls;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Names;

/// <summary>Domains of owners: claimed, proved in a real DNS, served, and taken off.</summary>
[Trait("needs", "pebble")]
public sealed class CustomDomainTests
{
    private const string Domain = "mcp.example.com";
    private const string Proof = "_mcpr-challenge.mcp.example.com.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ProvedDomain_LeadsToTheTunnelUntilItIsRemoved()
    {
        await using var zone = await DnsZone.StartAsync(Cancellation);
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync(zone);
        var alice = await TokenAsync(relay, "alice");
        await using var connector = await ConnectAsync(relay, origin, alice);

        var claimed = await MeAsync(relay, alice, "add-domain", Domain, "--name", "otter");
        Assert.Equal("E2002", await CallAsync(relay, Domain));
        await zone.SetTextAsync(Proof, RecordOf(claimed));
        await SayAsync(connector, "come here too");

        Assert.Equal("200", await CallAsync(relay, Domain));
        Assert.Equal("200", await CallAsync(relay, "MCP.Example.com.:443"));
        Assert.Equal("E2002", await CallAsync(relay, "x." + Domain));
        var active = Assert.Single((await MeAsync(relay, alice, "list-domains")).Output).Split('\t');
        Assert.Equal((Domain, "otter", "active", $"http://{Domain}:{relay.Port}"), (active[0], active[1], active[2], active[3]));

        Assert.Equal(0, (await MeAsync(relay, alice, "remove-domain", Domain)).ExitCode);
        Assert.Equal("E2002", await CallAsync(relay, Domain));
        Assert.Contains("[E7310]", (await MeAsync(relay, alice, "verify-domain", Domain)).Error[0], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorThatComesLater_SaysTheDomain()
    {
        await using var zone = await DnsZone.StartAsync(Cancellation);
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync(zone);
        var alice = await TokenAsync(relay, "alice");
        await zone.SetTextAsync(Proof, RecordOf(await MeAsync(relay, alice, "add-domain", Domain, "--name", "otter")));
        await relay.Process.Error.WaitForAsync(line => line.Contains("[1108]", StringComparison.Ordinal), Cancellation);

        await using var connector = await ConnectAsync(relay, origin, alice);

        await SayAsync(connector, $"also at http://{Domain}:{relay.Port}/mcp");
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ProofThatIsGone_TakesTheDomainOffAfterTheGraceTime()
    {
        await using var zone = await DnsZone.StartAsync(Cancellation);
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync(zone);
        var alice = await TokenAsync(relay, "alice");
        await using var connector = await ConnectAsync(relay, origin, alice);
        await zone.SetTextAsync(Proof, RecordOf(await MeAsync(relay, alice, "add-domain", Domain, "--name", "otter")));
        await SayAsync(connector, "come here too");

        await zone.ClearTextAsync(Proof);

        await SayAsync(connector, "the TXT record _mcpr-challenge.mcp.example.com is gone");
        await SayAsync(connector, "do not come here any longer");
        Assert.Equal("E2002", await CallAsync(relay, Domain));
        var off = Assert.Single((await MeAsync(relay, alice, "list-domains")).Output).Split('\t');
        Assert.Equal(("waiting", "the TXT record is gone"), (off[2], off[6]));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Operator_SeesDomainsAndTakesThemOff()
    {
        await using var zone = await DnsZone.StartAsync(Cancellation);
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync(zone);
        var alice = await TokenAsync(relay, "alice");
        await using var connector = await ConnectAsync(relay, origin, alice);
        await zone.SetTextAsync(Proof, RecordOf(await MeAsync(relay, alice, "add-domain", Domain, "--name", "otter")));
        await SayAsync(connector, "come here too");

        var listed = Assert.Single((await OperateAsync(relay, "list")).Output);
        var json = Assert.Single((await OperateAsync(relay, "list", "--json")).Output);
        var removed = await OperateAsync(relay, "remove", Domain);
        await SayAsync(connector, "do not come here any longer");

        Assert.StartsWith($"{Domain}\totter\ttoken:alice\t", listed, StringComparison.Ordinal);
        Assert.Contains($"\"domain\":\"{Domain}\",\"name\":\"otter\",\"owner\":\"token:alice\"", json, StringComparison.Ordinal);
        Assert.Equal((0, 1), (removed.ExitCode, (await OperateAsync(relay, "remove", Domain)).ExitCode));
        Assert.Empty((await MeAsync(relay, alice, "list-domains")).Output);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AnotherOwner_NeedsAProofOfItsOwn()
    {
        await using var zone = await DnsZone.StartAsync(Cancellation);
        await using var relay = await StartAsync(zone);
        var alice = await TokenAsync(relay, "alice");
        var bob = await TokenAsync(relay, "bob");
        var alices = RecordOf(await MeAsync(relay, alice, "add-domain", Domain, "--name", "otter"));
        await zone.SetTextAsync(Proof, alices);
        await relay.Process.Error.WaitForAsync(line => line.Contains("owner=token:alice", StringComparison.Ordinal), Cancellation);

        var bobs = await MeAsync(relay, bob, "add-domain", Domain, "--name", "heron");
        Assert.Contains("waiting", bobs.Error[0], StringComparison.Ordinal);
        Assert.NotEqual(alices, RecordOf(bobs), StringComparer.Ordinal);
        Assert.Contains(
            "[E7301]",
            (await MeAsync(relay, bob, "add-domain", "b.example.com", "--name", "otter")).Error[0],
            StringComparison.Ordinal
        );
        await zone.ClearTextAsync(Proof);
        await zone.SetTextAsync(Proof, RecordOf(bobs));

        await relay.Process.Error.WaitForAsync(
            line => line.Contains("[1108]", StringComparison.Ordinal) && line.EndsWith("owner=token:bob", StringComparison.Ordinal),
            Cancellation
        );
        Assert.Contains(
            "another owner has proved it",
            Assert.Single((await MeAsync(relay, alice, "list-domains")).Output),
            StringComparison.Ordinal
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NameThatSomebodyElseHasNow_DoesNotGetTheDomain()
    {
        await using var zone = await DnsZone.StartAsync(Cancellation);
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync(zone);
        var alice = await TokenAsync(relay, "alice");
        await zone.SetTextAsync(Proof, RecordOf(await MeAsync(relay, alice, "add-domain", Domain, "--name", "otter")));
        await relay.Process.Error.WaitForAsync(line => line.Contains("[1108]", StringComparison.Ordinal), Cancellation);
        Assert.Equal(0, (await MeAsync(relay, alice, "release", "otter")).ExitCode);

        await using var connector = await ConnectAsync(relay, origin, await TokenAsync(relay, "bob"));

        Assert.Equal("200", await CallAsync(relay, "otter.localhost"));
        Assert.Equal("E2001", await CallAsync(relay, Domain));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("localhost", "E7309")]
    [InlineData("otter.localhost", "E7309")]
    [InlineData("192.0.2.7", "E7309")]
    [InlineData("third.example.com", "E7312")]
    public async Task DomainThatCannotBeHad_IsRefused(string domain, string code)
    {
        await using var zone = await DnsZone.StartAsync(Cancellation);
        await using var relay = await StartAsync(zone, "--owner-max-domains", "2");
        var alice = await TokenAsync(relay, "alice");
        await MeAsync(relay, alice, "add-domain", "first.example.com", "--name", "otter");
        await MeAsync(relay, alice, "add-domain", "second.example.com", "--name", "otter");

        var refused = await MeAsync(relay, alice, "add-domain", domain, "--name", "otter");

        Assert.Equal(7, refused.ExitCode);
        Assert.Contains($"[{code}]", refused.Error[0], StringComparison.Ordinal);
        Assert.Contains("[E7311]", (await MeAsync(relay, [], "add-domain", domain, "--name", "heron")).Error[0], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DomainThatThereIsNoRoomFor_ReservesNoName()
    {
        await using var zone = await DnsZone.StartAsync(Cancellation);
        await using var relay = await StartAsync(zone, "--owner-max-domains", "1");
        var alice = await TokenAsync(relay, "alice");
        await MeAsync(relay, alice, "add-domain", Domain, "--name", "otter");

        var refused = await MeAsync(relay, alice, "add-domain", "second.example.com", "--name", "heron");

        Assert.Contains("[E7312]", refused.Error[0], StringComparison.Ordinal);
        Assert.StartsWith("otter\t", Assert.Single((await MeAsync(relay, alice, "list")).Output), StringComparison.Ordinal);
    }

    private static Task<RelayProcess> StartAsync(DnsZone zone, params string[] arguments) =>
        RelayProcess.StartAsync(
            Cancellation,
            ["--dns-resolvers", zone.Address, "--domain-check", "1s", "--domain-grace", "3s", .. arguments]
        );

    private static async Task<Dictionary<string, string?>> TokenAsync(RelayProcess relay, string name)
    {
        var created = await Outcome.OfAsync(
            ChildProcess.Start(Programs.Relay, ["tokens", "create", "--name", name, "--data", relay.DataFolder])
        );
        return new(StringComparer.Ordinal) { ["MCPR_TOKEN"] = Assert.Single(created.Output) };
    }

    private static Task<ConnectorProcess> ConnectAsync(RelayProcess relay, JsonRpcOrigin origin, Dictionary<string, string?> token) =>
        ConnectorProcess.StartAsync(
            relay,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation,
            environment: token,
            extraArguments: ["--name", "otter"]
        );

    private static async Task<Outcome> MeAsync(RelayProcess relay, Dictionary<string, string?> token, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string?>(token, StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = folder.Path };
        return await Outcome.OfAsync(
            ChildProcess.Start(Programs.Connector, ["names", .. arguments, "--relay", relay.Address.AbsoluteUri], environment)
        );
    }

    private static Task<Outcome> OperateAsync(RelayProcess relay, params string[] arguments) =>
        Outcome.OfAsync(ChildProcess.Start(Programs.Relay, ["domains", .. arguments, "--data", relay.DataFolder]));

    /// <summary>The value in <c>_mcpr-challenge.mcp.example.com. TXT "mcpr-…"</c>.</summary>
    private static string RecordOf(Outcome claimed) => Assert.Single(claimed.Output).Split('"')[1];

    private static Task<string> SayAsync(ConnectorProcess connector, string text) =>
        connector.Process.Error.WaitForAsync(line => line.Contains(text, StringComparison.Ordinal), Cancellation);

    /// <returns>The code of the relay's error, or the status.</returns>
    private static async Task<string> CallAsync(RelayProcess relay, string host)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync(Calls.Post(host, "/mcp", Calls.Echo("1", "x")), Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, "POST");
        return response.Header("mcpr-error") ?? $"{response.StatusCode}";
    }
}
