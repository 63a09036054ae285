using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.ProxyCore.Tls;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Tls;

public sealed class ServedCertificateTests
{
    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData("tunnel.test", true)]
    [InlineData("otter.tunnel.test", true)]
    [InlineData("a.b.tunnel.test", false)]
    [InlineData("other.test", false)]
    public void Certificate_CoversItsNames(string host, bool expected)
    {
        var (certificate, key) = Create();

        Assert.Equal(expected, ServedCertificate.FromPem(certificate, key).Covers(host));
    }

    [Fact]
    public void KeyOfAnotherCertificate_IsUnusable()
    {
        var unusable = Record.Exception(() => ServedCertificate.FromPem(Create().Certificate, Create().Key));

        Assert.True(ServedCertificate.IsUnusable(unusable!));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("h2", "h2")]
    [InlineData("http/1.1", "http/1.1")]
    public async Task Client_GetsTheProtocolThatItLikes(string wanted, string expected)
    {
        var (certificate, key) = Create();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var server = new SslStream(accepted.GetStream());
        await using var caller = new SslStream(client.GetStream());

        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "otter.tunnel.test",
            ApplicationProtocols = [new SslApplicationProtocol(wanted)],
            RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.Subject == "CN=tunnel.test",
        };
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(ServedCertificate.FromPem(certificate, key).Options, TestContext.Current.CancellationToken),
            caller.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken)
        );

        Assert.Equal(expected, caller.NegotiatedApplicationProtocol.ToString());
    }

    private static (string Certificate, string Key) Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tunnel.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("tunnel.test");
        names.AddDnsName("*.tunnel.test");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(s_now.AddDays(-1), s_now.AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
