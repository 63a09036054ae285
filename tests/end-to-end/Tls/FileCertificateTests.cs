using System.Net;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary><c>--tls files</c>, with a connector and callers that trust the authority of those files alone.</summary>
public sealed class FileCertificateTests : IDisposable
{
    private const string Domain = "tunnel.test";

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string CertificatePath => Path.Combine(_folder.Path, "cert.pem");

    private string KeyPath => Path.Combine(_folder.Path, "key.pem");

    private string AuthorityPath => Path.Combine(_folder.Path, "ca.pem");

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallThroughTheTunnel_IsAnsweredInBothVersionsOfHttp()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync();
        using var client = relay.NewClient(_authority.Certificate);

        var url = await relay.ConnectAsync(origin.BaseAddress, AuthorityPath, Cancellation);

        Assert.Equal((Uri.UriSchemeHttps, relay.Port), (url.Scheme, url.Port));
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var response = await client.SendAsync(TlsRelay.Call(url, version), Cancellation);
            Assert.Equal(Calls.EchoResult("1", "x"), await response.Content.ReadAsStringAsync(Cancellation));
            Assert.Equal("max-age=31536000", Assert.Single(response.Headers.GetValues("Strict-Transport-Security")));
        }
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ReplacedFiles_AreTakenWithoutARestartAndBrokenOnesAreNot()
    {
        await using var relay = await StartAsync();
        var first = await SeeAsync(relay);

        await File.WriteAllTextAsync(KeyPath, "half a key", Cancellation);
        Assert.Equal(first, await SeeAsync(relay));
        await relay.Process.Error.WaitForAsync(line => line.Contains("the old one stays", StringComparison.Ordinal), Cancellation);

        var second = _authority.Issue(CertificatePath, KeyPath, Domain, $"*.{Domain}");
        Assert.Equal(second, await SeeAsync(relay));
        Assert.NotEqual(first, second, StringComparer.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorThatDoesNotTrustTheAuthority_SaysSo()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync();
        using var other = new TestAuthority();
        var otherPath = Path.Combine(_folder.Path, "other.pem");
        await File.WriteAllTextAsync(otherPath, other.Certificate.ExportCertificatePem(), Cancellation);

        foreach (
            var arguments in (string[][])
                [
                    [],
                    ["--relay-ca", otherPath],
                ]
        )
        {
            await using var connector = relay.Launch(origin.BaseAddress, $"https://{Domain}:{relay.Port}", arguments);
            await connector.Error.WaitForAsync(line => line.Contains("certificate", StringComparison.Ordinal), Cancellation);
            Assert.Empty(connector.Output.Lines);
        }
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task FilesThatAreNoCertificate_Exit3()
    {
        await File.WriteAllTextAsync(CertificatePath, "no certificate", Cancellation);
        await File.WriteAllTextAsync(KeyPath, "no key", Cancellation);
        await using var relay = ChildProcess.Start(
            Programs.Relay,
            ["--tls", "files", "--tls-cert", CertificatePath, "--tls-key", KeyPath, "--data", _folder.Path]
        );

        Assert.Equal(3, await relay.WaitForExitAsync(Cancellation));
        Assert.Contains(relay.Error.Lines, line => line.Contains(CertificatePath, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private async Task<TlsRelay> StartAsync()
    {
        _authority.Issue(CertificatePath, KeyPath, Domain, $"*.{Domain}");
        await File.WriteAllTextAsync(AuthorityPath, _authority.Certificate.ExportCertificatePem(), Cancellation);
        return await TlsRelay.StartAsync(Domain, ["--tls", "files", "--tls-cert", CertificatePath, "--tls-key", KeyPath], Cancellation);
    }

    /// <returns>The thumbprint that a new connection gets.</returns>
    private async Task<string> SeeAsync(TlsRelay relay)
    {
        var seen = string.Empty;
        using var client = relay.NewClient(_authority.Certificate, thumbprint => seen = thumbprint);
        using var _ = await client.GetAsync(relay.UrlOf("nobody"), Cancellation);
        return seen;
    }
}
