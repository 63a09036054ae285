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

        new IssuedCertificate(CertificatePath, Wildcard("tunnel.test")).Save(IssuedCertificate.Join(certificate, key));

        Assert.NotNull(new IssuedCertificate(CertificatePath, Wildcard("tunnel.test")).Load());
        Assert.Null(new IssuedCertificate(CertificatePath, Wildcard("other.test")).Load());
    }

    [Fact]
    public void WhatCannotBeServedOrIsForAnother_IsNone()
    {
        var (certificate, key) = Issue("tunnel.test");
        var other = Issue("other.test");

        Assert.NotNull(IssuedCertificate.TryParse(IssuedCertificate.Join(certificate, key), Wildcard("tunnel.test")));
        Assert.Null(IssuedCertificate.TryParse(IssuedCertificate.Join(other.CertificatePem, other.KeyPem), Wildcard("tunnel.test")));
        Assert.Null(IssuedCertificate.TryParse(IssuedCertificate.Join(certificate, other.KeyPem), Wildcard("tunnel.test")));
        Assert.Null(IssuedCertificate.TryParse(IssuedCertificate.Join(certificate, string.Empty), Wildcard("tunnel.test")));
        Assert.Null(IssuedCertificate.TryParse("nothing of use", Wildcard("tunnel.test")));
        Assert.Null(IssuedCertificate.TryParse(IssuedCertificate.Join(certificate, key), Wildcard("sub.tunnel.test")));
        Assert.NotNull(
            IssuedCertificate.TryParse(
                IssuedCertificate.Join(certificate, key),
                new CertificateSubject("sub.tunnel.test", IsWildcard: false)
            )
        );
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
