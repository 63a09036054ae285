using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Cli;

/// <summary>The local port with a certificate.</summary>
public sealed class LocalTlsTests : IDisposable
{
    private const string Subject = "CN=localhost";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string CertificatePath => Path.Combine(_folder.Path, "cert.pem");

    private string KeyPath => Path.Combine(_folder.Path, "key.pem");

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallOverTls_IsAnsweredInBothVersionsOfHttp()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        var thumbprint = await WriteCertificateAsync();
        await using var proxy = await StartAsync(origin.BaseAddress);

        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            var (response, seen) = await CallAsync(proxy.Url, version);

            Assert.Equal(Calls.EchoResult("1", "x"), response);
            Assert.Equal(thumbprint, seen);
        }

        Assert.Equal("https", proxy.Url.Scheme);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ReplacedCertificate_IsTakenWithoutARestart()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        var first = await WriteCertificateAsync();
        await using var proxy = await StartAsync(origin.BaseAddress);
        Assert.Equal(first, (await CallAsync(proxy.Url, HttpVersion.Version11)).Thumbprint);

        await File.WriteAllTextAsync(KeyPath, "half a key", Cancellation);
        Assert.Equal(first, (await CallAsync(proxy.Url, HttpVersion.Version11)).Thumbprint);
        await proxy.Process.Error.WaitForAsync(line => line.Contains("the old one stays", StringComparison.Ordinal), Cancellation);

        var second = await WriteCertificateAsync();
        Assert.Equal(second, (await CallAsync(proxy.Url, HttpVersion.Version11)).Thumbprint);
        Assert.NotEqual(first, second, StringComparer.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CertificateThatIsNone_Exits3()
    {
        await File.WriteAllTextAsync(CertificatePath, "no certificate", Cancellation);
        await File.WriteAllTextAsync(KeyPath, "no key", Cancellation);
        await using var proxy = LocalProxy.Launch(Arguments("9"), _folder.Path);

        Assert.Equal(3, await proxy.WaitForExitAsync(Cancellation));
        Assert.Contains(proxy.Error.Lines, line => line.Contains(CertificatePath, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private Task<LocalProxy> StartAsync(Uri origin) => LocalProxy.StartAsync(Arguments(origin.AbsoluteUri), Cancellation);

    private string[] Arguments(string mcp) => ["proxy", "--mcp", mcp, "--port", "0", "--tls-cert", CertificatePath, "--tls-key", KeyPath];

    private static async Task<(string Body, string Thumbprint)> CallAsync(Uri url, Version version)
    {
        var thumbprint = string.Empty;
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    thumbprint = certificate!.GetCertHashString();
                    return certificate.Subject == Subject;
                },
            },
        };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(Calls.Echo("1", "x"), Encoding.UTF8, "application/json"),
        };
        using var response = await client.SendAsync(request, Cancellation);
        return (await response.Content.ReadAsStringAsync(Cancellation), thumbprint);
    }

    /// <returns>The thumbprint of the certificate that is in the files now.</returns>
    private async Task<string> WriteCertificateAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddDays(-1),
            now.AddDays(1)
        );
        await File.WriteAllTextAsync(CertificatePath, certificate.ExportCertificatePem(), Cancellation);
        await File.WriteAllTextAsync(KeyPath, key.ExportPkcs8PrivateKeyPem(), Cancellation);
        return certificate.Thumbprint;
    }
}
