using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Relay.Tls;
using Xunit;

namespace Tunnel.Relay.Tests.Tls;

public sealed class RenewalScheduleTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(90, 0, 60)]
    [InlineData(90, 1, 57)]
    [InlineData(6, 0, 4)]
    public void Renewal_IsDueWhenAThirdIsLeftOrALittleEarlier(int lifetimeDays, double chance, double expectedDays)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            s_start,
            s_start.AddDays(lifetimeDays)
        );

        Assert.Equal(s_start.AddDays(expectedDays), new RenewalSchedule(() => chance).DueAt(certificate));
    }

    [Theory]
    [InlineData(1, 0, 5)]
    [InlineData(1, 1, 6)]
    [InlineData(2, 0, 10)]
    [InlineData(4, 0, 40)]
    [InlineData(8, 0, 360)]
    [InlineData(int.MaxValue, 1, 432)]
    public void Retries_GetRarerUpToSixHours(int failures, double chance, double expectedMinutes)
    {
        Assert.Equal(TimeSpan.FromMinutes(expectedMinutes), new RenewalSchedule(() => chance).RetryAfter(failures));
    }
}
