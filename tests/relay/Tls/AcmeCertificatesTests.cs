using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Tls;
using Tunnel.Relay.Tls.Orders;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Tls;

public sealed class AcmeCertificatesTests : IDisposable
{
    private const string Ordered = "its certificate is being ordered";

    private static readonly DateTimeOffset s_issuedAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly DomainRoutes _domains = new();
    private readonly RecordedTurns _turns = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DomainsOfOwners_ComeAfterTheRelaysOwnAndGoWhenTheyAreTakenOff()
    {
        var options = new RelayOptions { DataDirectory = _folder.FullName, Domain = "tunnel.test" };
        using var lego = new LegoClient(options, _turns);
        KeepOwn(lego, options.Domain);
        using var certificates = new AcmeCertificates(
            options,
            _domains,
            lego,
            _turns,
            new ManualTimeProvider(),
            NullLogger<AcmeCertificates>.Instance
        );
        Know("a.example.com");

        await certificates.StartAsync(Token);
        var asked = new[] { await _turns.Asked.ReadAsync(Token), await _turns.Asked.ReadAsync(Token) };
        Know("a.example.com", "b.example.com");
        var both = (certificates.FindProblem("a.example.com"), certificates.FindProblem("b.example.com"));
        Know("b.example.com");
        var one = (certificates.FindProblem("a.example.com"), certificates.FindProblem("b.example.com"));
        await certificates.StopAsync(Token);

        Assert.Equal(["tunnel.test", "a.example.com"], asked, StringComparer.Ordinal);
        Assert.Equal((Ordered, Ordered), both);
        Assert.Equal((null, Ordered), one);
    }

    public void Dispose() => _folder.Dispose();

    private void Know(params string[] domains) =>
        _domains.Replace(new DomainSnapshot(_domains.Known.Revision + 1, [.. domains.Select(Claim)]));

    private static DomainClaim Claim(string domain) =>
        new()
        {
            Domain = domain,
            OwnerId = "alice",
            Name = "otter",
            Challenge = "mcpr-x",
            IsActive = true,
        };

    /// <summary>Without one from earlier the relay does not start where there is no lego.</summary>
    private static void KeepOwn(LegoClient lego, string domain)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={domain}", key, HashAlgorithmName.SHA256);
        var hosts = new SubjectAlternativeNameBuilder();
        hosts.AddDnsName(domain);
        hosts.AddDnsName($"*.{domain}");
        request.CertificateExtensions.Add(hosts.Build());
        using var certificate = request.CreateSelfSigned(s_issuedAt, s_issuedAt.AddDays(90));
        var subject = new CertificateSubject(domain, IsWildcard: true);
        var pem = IssuedCertificate.Join(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        new IssuedCertificate(lego.FileOf(subject), subject).Save(pem);
    }

    private sealed class RecordedTurns : IOrderTurns
    {
        private readonly Channel<string> _asked = Channel.CreateUnbounded<string>();

        public ChannelReader<string> Asked => _asked.Reader;

        public bool AreShared => true;

        public ValueTask<SharedCertificate?> ReadNewAsync(CertificateSubject subject, long known, CancellationToken cancellationToken)
        {
            _asked.Writer.TryWrite(subject.Domain);
            return default;
        }

        public ValueTask<(IOrderTurn? Turn, TimeSpan Wait)> TryBeginAsync(
            CertificateSubject subject,
            CancellationToken cancellationToken
        ) => ValueTask.FromResult<(IOrderTurn?, TimeSpan)>((null, TimeSpan.FromMinutes(1)));

        public ValueTask<string?> FindOrdererAsync(string domain, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<string?> ReadAccountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask OfferAccountAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
