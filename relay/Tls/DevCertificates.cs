using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;

namespace Tunnel.Relay.Tls;

/// <summary>
/// Certificates of authorities of this relay: one for its own domain, and one for each domain of an owner, so that nobody has to trust one
/// for more than is needed.
/// </summary>
internal sealed partial class DevCertificates : ICertificateSource
{
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DevCertificate _own;

    // Bounded by --max-domains: what is taken off is taken out.
    private readonly ConcurrentDictionary<string, Lazy<DevCertificate?>> _domains = new(StringComparer.Ordinal);

    /// <exception cref="TlsSetupException">The authority cannot be used or kept.</exception>
    public DevCertificates(RelayOptions options, DomainRoutes domains, TimeProvider time, ILogger<DevCertificates> logger)
    {
        _folder = Path.Combine(Path.GetFullPath(options.DataDirectory), "dev-ca");
        _time = time;
        _logger = logger;
        var folder = FolderOf(options.Domain.ToLowerInvariant());
        try
        {
            _own = Create(options.Domain.ToLowerInvariant());
        }
        catch (Exception unusable) when (ServedCertificate.IsUnusable(unusable))
        {
            throw new TlsSetupException($"cannot use the CA in {folder}: {unusable.Message}", "delete the folder for a new one");
        }

        domains.Changed += (before, after) =>
        {
            if (after is null)
            {
                _domains.TryRemove(before!.Domain, out _);
            }
        };
    }

    public ServedCertificate? Current => _own.Current;

    public ServedCertificate? Of(string domain) =>
        _domains.GetOrAdd(domain, name => new Lazy<DevCertificate?>(() => TryCreate(name))).Value?.Current;

    public string? FindProblem(string domain) => null;

    private DevCertificate? TryCreate(string domain)
    {
        try
        {
            return Create(domain);
        }
        catch (Exception unusable) when (ServedCertificate.IsUnusable(unusable))
        {
            Log.Unusable(_logger, FolderOf(domain), unusable.Message);
            return null;
        }
    }

    private DevCertificate Create(string domain)
    {
        var certificate = new DevCertificate(domain, FolderOf(domain), _time);
        Log.Trust(_logger, domain, certificate.AuthorityPath);
        return certificate;
    }

    private string FolderOf(string domain) => Path.Combine(_folder, domain);

    private static partial class Log
    {
        [LoggerMessage(
            1303,
            LogLevel.Information,
            "certificates for {Domain} come from the CA {Path}; trust it: curl --cacert, mcpr --relay-ca, NODE_EXTRA_CA_CERTS, or docs/tls.md",
            EventName = "DevCertificates"
        )]
        public static partial void Trust(ILogger logger, string domain, string path);

        [LoggerMessage(1311, LogLevel.Error, "cannot use the CA in {Folder}: {Reason}", EventName = "DevAuthorityUnusable")]
        public static partial void Unusable(ILogger logger, string folder, string reason);
    }
}
