using System.Net;
using System.Security.Cryptography.X509Certificates;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>A proved domain has a certificate of its own in every mode, chosen by what the handshake asks for.</summary>
[Trait("needs", "pebble")]
public sealed class DomainCertificateTests : IDisposable
{
    private const string RelayDomain = "tunnel.test";
    private const string Domain = "mcp.example.com";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task Acme_OrdersForAProvedDomainAndServesItUntilItIsRemoved()
    {
        await using var pebble = await Pebble.StartAsync(validity: 3600, Cancellation, refusedNonces: 20);
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync(pebble.Zone, pebble.Arguments, pebble.Environment, pebble.HttpPort);
        await LineAsync(relay, "[1305]");
        await relay.ConnectAsync(origin.BaseAddress, pebble.RootPath, Cancellation, "--name", "otter");
        var own = await SeeAsync(relay, pebble.Root);

        await ProveAsync(relay, pebble.Zone, pebble.RootPath);
        await LineAsync(relay, $"certificate for {Domain} issued");

        var seen = string.Empty;
        using var client = relay.NewClient(pebble.Root, thumbprint => seen = thumbprint);
        var url = new Uri($"https://{Domain}:{relay.Port}/mcp");
        using var response = await client.SendAsync(TlsRelay.Call(url, HttpVersion.Version20), Cancellation);
        Assert.Equal(Calls.EchoResult("1", "x"), await response.Content.ReadAsStringAsync(Cancellation));
        Assert.NotEqual(own, seen, StringComparer.Ordinal);
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
        using var plain = await client.GetAsync(new Uri($"http://{Domain}:{relay.PlainPort}/mcp?x=1"), Cancellation);
        Assert.Equal(
            (HttpStatusCode.PermanentRedirect, $"https://{Domain}:{relay.Port}/mcp?x=1"),
            (plain.StatusCode, plain.Headers.Location?.AbsoluteUri)
        );
        Assert.Equal("-", Assert.Single((await relay.AskAsync(pebble.RootPath, "names", "list-domains")).Output).Split('\t')[6]);

        Assert.Equal(0, (await relay.AskAsync(pebble.RootPath, "names", "remove-domain", Domain)).ExitCode);
        Assert.Equal(own, await SeeAsync(relay, pebble.Root, Domain));
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task AuthorityThatDoesNotGetThrough_IsToldToTheOwner()
    {
        await using var pebble = await Pebble.StartAsync(validity: 3600, Cancellation);
        // The authority asks elsewhere: nobody is there.
        await using var relay = await StartAsync(pebble.Zone, pebble.Arguments, pebble.Environment);
        await LineAsync(relay, "[1305]");

        await ProveAsync(relay, pebble.Zone, pebble.RootPath);
        await LineAsync(relay, $"no new certificate for {Domain}");

        var listed = Assert.Single((await relay.AskAsync(pebble.RootPath, "names", "list-domains")).Output).Split('\t');
        Assert.Equal("active", listed[2]);
        Assert.Contains("does the domain lead to the relay?", listed[6], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task Files_AreTakenWhenTheyComeAndWhenTheyChange()
    {
        using var authority = new TestAuthority();
        var certificate = Path.Combine(_folder.Path, "cert.pem");
        var key = Path.Combine(_folder.Path, "key.pem");
        var trusted = Path.Combine(_folder.Path, "ca.pem");
        await File.WriteAllTextAsync(trusted, authority.Certificate.ExportCertificatePem(), Cancellation);
        var own = authority.Issue(certificate, key, RelayDomain, $"*.{RelayDomain}");
        await using var zone = await DnsZone.StartAsync(Cancellation);
        await using var relay = await StartAsync(
            zone,
            ["--tls", "files", "--tls-cert", certificate, "--tls-key", key, "--tls-domains", _folder.Path]
        );
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, Domain)).FullName;

        var early = authority.Issue(Path.Combine(folder, "fullchain.pem"), Path.Combine(folder, "privkey.pem"), Domain);
        Assert.Equal(own, await SeeAsync(relay, authority.Certificate, Domain));
        await ProveAsync(relay, zone, trusted);
        Assert.Equal(early, await SeeAsync(relay, authority.Certificate, Domain.ToUpperInvariant()));

        var late = authority.Issue(Path.Combine(folder, "fullchain.pem"), Path.Combine(folder, "privkey.pem"), Domain);
        Assert.Equal(late, await SeeAsync(relay, authority.Certificate, Domain));
        Assert.Equal(own, await SeeAsync(relay, authority.Certificate));
        authority.Issue(Path.Combine(folder, "fullchain.pem"), Path.Combine(folder, "privkey.pem"), "other.example.com");
        Assert.Equal(own, await SeeAsync(relay, authority.Certificate, Domain));
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task Dev_HasAnAuthorityForEachDomain()
    {
        await using var zone = await DnsZone.StartAsync(Cancellation);
        await using var relay = await StartAsync(zone, ["--tls", "dev"]);
        await ProveAsync(relay, zone, AuthorityOf(relay, RelayDomain));
        using var client = relay.NewClient(X509CertificateLoader.LoadCertificateFromFile(AuthorityOf(relay, RelayDomain)));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"https://{Domain}:{relay.Port}/"), Cancellation));

        using var trusting = relay.NewClient(X509CertificateLoader.LoadCertificateFromFile(AuthorityOf(relay, Domain)));
        using var response = await trusting.GetAsync(new Uri($"https://{Domain}:{relay.Port}/"), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    public void Dispose() => _folder.Dispose();

    private static string AuthorityOf(TlsRelay relay, string domain) => Path.Combine(relay.DataFolder, "dev-ca", domain, "ca.pem");

    private static async Task<TlsRelay> StartAsync(
        DnsZone zone,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        int plainPort = 0
    )
    {
        var relay = await TlsRelay.StartAsync(
            RelayDomain,
            ["--dns-resolvers", zone.Address, "--domain-check", "1s", .. arguments],
            Cancellation,
            environment: environment,
            plainPort: plainPort
        );
        var created = await Outcome.OfAsync(
            ChildProcess.Start(Programs.Relay, ["tokens", "create", "--name", "alice", "--data", relay.DataFolder])
        );
        relay.Token = Assert.Single(created.Output);
        return relay;
    }

    private static async Task ProveAsync(TlsRelay relay, DnsZone zone, string authorityPath)
    {
        var claimed = await relay.AskAsync(authorityPath, "names", "add-domain", Domain, "--name", "otter");
        await zone.SetTextAsync($"_mcpr-challenge.{Domain}.", Assert.Single(claimed.Output).Split('"')[1]);
        await LineAsync(relay, "[1108]");
    }

    private static Task<string> LineAsync(TlsRelay relay, string text) =>
        relay.Process.Error.WaitForAsync(line => line.Contains(text, StringComparison.Ordinal), Cancellation);

    /// <returns>The thumbprint of what the relay shows.</returns>
    private static async Task<string> SeeAsync(TlsRelay relay, X509Certificate2 authority, string host = $"otter.{RelayDomain}")
    {
        var seen = string.Empty;
        using var client = relay.NewClient(authority, thumbprint => seen = thumbprint);
        try
        {
            using var _ = await client.GetAsync(new Uri($"https://{host}:{relay.Port}/"), Cancellation);
        }
        catch (HttpRequestException)
        {
            // It is for another host, which is what is to be seen.
        }

        return seen;
    }
}
