using System.Security.Cryptography.X509Certificates;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;

namespace Tunnel.Relay.Tls;

/// <summary>When the certificates end that somebody has to renew.</summary>
internal sealed class CertificateEnds(ICertificateSource certificates, DomainRoutes domains, RelayOptions options, TimeProvider time)
{
    /// <summary>Those who renew begin when a third is left, so less than a quarter means that it fails.</summary>
    private const double NearEnd = 0.25;

    /// <summary>What is left of the relay's own; null while there is none.</summary>
    public TimeSpan? Own => certificates.Current is { } own ? LeftOf(own.Certificate) : null;

    /// <summary>What is left of the one that ends first among those of owners' domains; null where there is none.</summary>
    public TimeSpan? Domains
    {
        get
        {
            TimeSpan? shortest = null;
            foreach (var (_, certificate) in OfDomains())
            {
                var left = LeftOf(certificate);
                shortest = shortest < left ? shortest : left;
            }

            return shortest;
        }
    }

    /// <summary>Those that are near their end or past it, the first to end first.</summary>
    public IReadOnlyList<(string Domain, TimeSpan Left)> Near()
    {
        var own = certificates.Current is { } current ? [(options.Domain, current.Certificate)] : Array.Empty<(string, X509Certificate2)>();
        return
        [
            .. own.Concat(OfDomains())
                .Where(one => LeftOf(one.Item2) < NearEnd * (one.Item2.NotAfter - one.Item2.NotBefore))
                .Select(one => (one.Item1, Left: LeftOf(one.Item2)))
                .OrderBy(one => one.Left),
        ];
    }

    private TimeSpan LeftOf(X509Certificate2 certificate) => certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime;

    private IEnumerable<(string, X509Certificate2)> OfDomains()
    {
        foreach (var claim in domains.All)
        {
            if (certificates.Of(claim.Domain) is { } served)
            {
                yield return (claim.Domain, served.Certificate);
            }
        }
    }
}
