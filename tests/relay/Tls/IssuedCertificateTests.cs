using Tunnel.Relay.Tls;
using Tunnel.Relay.Tls.Orders;
using Xunit;

namespace Tunnel.Relay.Tests.Tls;

public sealed class IssuedCertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mcpr-test-").FullName;

    private string CertificatePath => Path.Combine(_folder, "certificate.pem");

    [Fact]
    public void SavedCertificate_IsLoadedForItsDomain()
    {
        var (certificate, key) = Issue("tunnel.test");

        var saved = new IssuedCertificate(CertificatePath, Wildcard("tunnel.test")).Save(IssuedCertificate.Join(certificate, key));

        Assert.Equal(
            saved.Certificate.Thumbprint,
            new IssuedCertificate(CertificatePath, Wildcard("tunnel.test")).Load()!.Certificate.Thumbprint
        );
        Assert.Null(new IssuedCertificate(CertificatePath, Wildcard("other.test")).Load());
    }

    [Fact]
    public void CertificateThatIsNotWhatWasOrdered_LeavesTheOldOne()
    {
        var issued = new IssuedCertificate(CertificatePath, Wildcard("tunnel.test"));
        var (certificate, key) = Issue("tunnel.test");
        var old = issued.Save(IssuedCertificate.Join(certificate, key)).Certificate.Thumbprint;
        var other = Issue("other.test");

        Assert.Throws<IssuanceException>(() => issued.Save(IssuedCertificate.Join(other.CertificatePem, other.KeyPem)));
        Assert.Throws<IssuanceException>(() => issued.Save(IssuedCertificate.Join(certificate, other.KeyPem)));
        Assert.Throws<IssuanceException>(() => issued.Save("nothing of use"));
        Assert.Equal(old, issued.Load()!.Certificate.Thumbprint);
    }

    [Fact]
    public void FileThatIsNoCertificate_CountsAsNone()
    {
        File.WriteAllText(CertificatePath, "half");

        Assert.Null(new IssuedCertificate(CertificatePath, Wildcard("tunnel.test")).Load());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CertificateSubject Wildcard(string domain) => new(domain, IsWildcard: true);

    private (string CertificatePem, string KeyPem) Issue(string domain)
    {
        var now = TimeProvider.System.GetUtcNow();
        return DevAuthority.LoadOrCreate(_folder, "test", now).Issue(domain, now.AddHours(-1), now.AddDays(1));
    }
}
