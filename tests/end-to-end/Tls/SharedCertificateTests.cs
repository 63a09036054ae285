using System.Net;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Cluster;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>Two relays with one Redis and one ACME authority: one orders, both serve.</summary>
[Trait("needs", "pebble")]
[Trait("tier", "slow")]
public sealed class SharedCertificateTests : IAsyncLifetime
{
    private const string RelayDomain = "tunnel.test";
    private const string Domain = "mcp.example.com";
    private const string Ordered = "[1304]";
    private const string Issued = "[1305]";
    private const string TakenOver = "[1308]";

    private readonly TemporaryFolder _folder = new();
    private RedisProcess _redis = null!;
    private Pebble _pebble = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string KeyPath => Path.Combine(_folder.Path, "cluster-key");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(KeyPath, Guid.NewGuid().ToString(), Cancellation);
        _redis = await RedisProcess.StartAsync(Cancellation);
        await _redis.SettleAsync(Cancellation);
        _pebble = await Pebble.StartAsync(validity: 3600, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _pebble.DisposeAsync();
        await _redis.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task RelaysThatStartTogether_OrderOnceAndServeTheSame()
    {
        var starting = await Task.WhenAll(StartAsync(), StartAsync(), StartAsync());
        await using var one = starting[0];
        await using var two = starting[1];
        await using var three = starting[2];
        await Task.WhenAll(starting.Select(relay => LineAsync(relay, Issued, TakenOver)));

        var seen = await Task.WhenAll(starting.Select(relay => SeeAsync(relay)));
        Assert.Single(seen.Distinct(StringComparer.Ordinal));
        Assert.Single(starting.SelectMany(relay => relay.Process.Error.Lines), line => line.Contains(Ordered, StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task OrdererThatIsKilled_IsFollowedByAnother()
    {
        _pebble.Provider.HoldNext();
        await using var orderer = await StartAsync();
        await _pebble.Provider.HeldAsync(Cancellation);
        await using var other = await StartAsync();

        await orderer.Process.KillAsync();

        await LineAsync(other, Issued);
        Assert.NotEmpty(await SeeAsync(other));
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task DomainOfAnOwner_IsAnsweredForByTheRelayThatDoesNotOrder()
    {
        await using var orderer = await StartAsync();
        await LineAsync(orderer, Issued);
        await using var asked = await StartWithoutLegoAsync();

        await ProveAsync(orderer);

        await LineAsync(orderer, $"certificate for {Domain} issued");
        await LineAsync(asked, $"certificate for {Domain} came from another relay");
        Assert.Equal(await SeeAsync(orderer, Domain), await SeeAsync(asked, Domain));
        Assert.NotEqual(await SeeAsync(asked), await SeeAsync(asked, Domain), StringComparer.Ordinal);
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task RelaysWithTlsBetweenThem_ShareCertificatesAnswersAndRequests()
    {
        using var nodes = new NodeCertificates();
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var orderer = await StartAsync(nodes: nodes);
        await LineAsync(orderer, Issued);
        await using var asked = await StartWithoutLegoAsync(nodes);

        await ProveAsync(orderer);
        await LineAsync(asked, $"certificate for {Domain} came from another relay");
        await orderer.ConnectAsync(origin.BaseAddress, _pebble.RootPath, Cancellation, "--name", "otter");

        Assert.Equal(await SeeAsync(orderer), await SeeAsync(asked));
        Assert.Equal(await SeeAsync(orderer, Domain), await SeeAsync(asked, Domain));
        Assert.Equal(Calls.EchoResult("1", "x"), await CallAsync(asked, $"otter.{RelayDomain}"));
        Assert.Equal(Calls.EchoResult("1", "x"), await CallAsync(asked, Domain));
    }

    /// <summary>The authority asks this one, which cannot order: it loses its lego.</summary>
    private async Task<TlsRelay> StartWithoutLegoAsync(NodeCertificates? nodes = null)
    {
        var programs = Directory.CreateDirectory(Path.Combine(_folder.Path, "programs")).FullName;
        File.CreateSymbolicLink(Path.Combine(programs, "lego"), "/usr/bin/lego");
        var relay = await StartAsync(_pebble.HttpPort, programs, nodes);
        await LineAsync(relay, TakenOver);
        File.Delete(Path.Combine(programs, "lego"));
        return relay;
    }

    private Task<TlsRelay> StartAsync(int plainPort = 0, string? programs = null, NodeCertificates? nodes = null)
    {
        var port = FreePort.Next();
        var environment = new Dictionary<string, string?>(_pebble.Environment, StringComparer.Ordinal);
        if (programs is not null)
        {
            environment["PATH"] = programs;
        }

        return TlsRelay.StartAsync(
            RelayDomain,
            [
                .. _pebble.Arguments,
                .. (string[])["--redis", _redis.Url, "--cluster-key-file", KeyPath],
                .. (string[])["--cluster-listen", $"{(nodes is null ? "http" : "https")}://127.0.0.1:{port}"],
                .. nodes?.Arguments($"node-{port}") ?? [],
                .. (string[])["--dns-resolvers", _pebble.Zone.Address, "--domain-check", "1s"],
            ],
            Cancellation,
            environment: environment,
            plainPort: plainPort
        );
    }

    private async Task ProveAsync(TlsRelay relay)
    {
        var created = await Outcome.OfAsync(
            ChildProcess.Start(Programs.Relay, ["tokens", "create", "--name", "alice", "--redis", _redis.Url])
        );
        relay.Token = Assert.Single(created.Output);
        var claimed = await relay.AskAsync(_pebble.RootPath, "names", "add-domain", Domain, "--name", "otter");
        await _pebble.Zone.SetTextAsync($"_mcpr-challenge.{Domain}.", Assert.Single(claimed.Output).Split('"')[1]);
    }

    /// <summary>Waits for one of the texts.</summary>
    private static Task<string> LineAsync(TlsRelay relay, params string[] texts) =>
        relay.Process.Error.WaitForAsync(line => texts.Any(text => line.Contains(text, StringComparison.Ordinal)), Cancellation);

    /// <returns>The answer of the server behind the tunnel.</returns>
    private async Task<string> CallAsync(TlsRelay relay, string host)
    {
        using var client = relay.NewClient(_pebble.Root);
        var url = new Uri($"https://{host}:{relay.Port}/mcp");
        using var response = await client.SendAsync(TlsRelay.Call(url, HttpVersion.Version20), Cancellation);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    /// <returns>The thumbprint of what the relay shows.</returns>
    private async Task<string> SeeAsync(TlsRelay relay, string host = $"otter.{RelayDomain}")
    {
        var seen = string.Empty;
        using var client = relay.NewClient(_pebble.Root, thumbprint => seen = thumbprint);
        using var response = await client.GetAsync(new Uri($"https://{host}:{relay.Port}/"), Cancellation);
        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
        return seen;
    }
}
