using System.Net;
using Tunnel.EndToEnd.Tests.Beds;

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

        // The authority asks this one, which could not order: it loses its lego.
        var programs = Directory.CreateDirectory(Path.Combine(_folder.Path, "programs")).FullName;
        File.CreateSymbolicLink(Path.Combine(programs, "lego"), "/usr/bin/lego");
        await using var asked = await StartAsync(_pebble.HttpPort, programs);
        await LineAsync(asked, TakenOver);
        File.Delete(Path.Combine(programs, "lego"));

        await ProveAsync(orderer);

        await LineAsync(orderer, $"certificate for {Domain} issued");
        await LineAsync(asked, $"certificate for {Domain} came from another relay");
        Assert.Equal(await SeeAsync(orderer, Domain), await SeeAsync(asked, Domain));
        Assert.NotEqual(await SeeAsync(asked), await SeeAsync(asked, Domain), StringComparer.Ordinal);
    }

    private Task<TlsRelay> StartAsync(int plainPort = 0, string? programs = null)
    {
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
                .. (string[])["--cluster-listen", $"http://127.0.0.1:{FreePort.Next()}"],
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
