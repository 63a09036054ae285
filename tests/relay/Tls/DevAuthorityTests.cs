using System.Security.Cryptography.X509Certificates;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Tls;
using Xunit;

namespace Tunnel.Relay.Tests.Tls;

public sealed class DevAuthorityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mcpr-test-").FullName;

    [Theory]
    [InlineData("tunnel.test", true)]
    [InlineData("TUNNEL.test", true)]
    [InlineData("bank.example", false)]
    [InlineData("xtunnel.test", false)]
    public void Authority_IsGoodForItsDomainOnly(string domain, bool expected)
    {
        var now = TimeProvider.System.GetUtcNow();
        var authority = DevAuthority.LoadOrCreate(_folder, "tunnel.test", now);
        var (certificate, key) = authority.Issue(domain, now.AddHours(-1), now.AddDays(1));
        var served = ServedCertificate.FromPem(certificate, key);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authority.Path);

        Assert.Equal(expected, chain.Build(served.Certificate));
        Assert.True(served.Covers(domain) && served.Covers($"otter.{domain}"));
    }

    [Fact]
    public void Authority_IsKept()
    {
        var now = TimeProvider.System.GetUtcNow();
        var first = File.ReadAllText(DevAuthority.LoadOrCreate(_folder, "tunnel.test", now).Path);

        Assert.Equal(first, File.ReadAllText(DevAuthority.LoadOrCreate(_folder, "tunnel.test", now.AddYears(1)).Path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
