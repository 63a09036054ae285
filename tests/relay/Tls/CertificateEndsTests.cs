using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Tls;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Tls;

public sealed class CertificateEndsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void NoCertificateYet_HasNoEnd()
    {
        var ends = Ends(new FixedSource(Own: null));

        Assert.Null(ends.Own);
        Assert.Null(ends.Domains);
        Assert.Empty(ends.Near());
    }

    [Theory]
    [InlineData(30, false)]
    [InlineData(22, true)]
    [InlineData(-1, true)]
    public void LessThanAQuarterOfNinetyDays_IsNear(int daysLeft, bool isNear)
    {
        var ends = Ends(new FixedSource(Issue(_time.GetUtcNow().AddDays(daysLeft - 90), _time.GetUtcNow().AddDays(daysLeft))));

        Assert.Equal(TimeSpan.FromDays(daysLeft), ends.Own);
        Assert.Equal(isNear ? [("tunnel.test", TimeSpan.FromDays(daysLeft))] : [], ends.Near());
    }

    private CertificateEnds Ends(ICertificateSource source) =>
        new(source, new DomainRoutes(), new RelayOptions { Domain = "tunnel.test" }, _time);

    private static ServedCertificate Issue(DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=tunnel.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(from, to);
        return ServedCertificate.FromPem(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private sealed record FixedSource(ServedCertificate? Own) : ICertificateSource
    {
        public ServedCertificate? Current => Own;

        public ServedCertificate? Of(string domain) => null;

        public string? FindProblem(string domain) => null;
    }
}
