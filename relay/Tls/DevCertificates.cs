using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tls;

/// <summary>Certificates of the relay's own authority: a new one at every start, and whenever it has served most of its time.</summary>
internal sealed partial class DevCertificates : ICertificateSource
{
    /// <summary>Nobody has to keep them, so they need not live long; clients refuse more than 398 days in any case.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(30);

    /// <summary>Clocks of others may be behind.</summary>
    private static readonly TimeSpan s_backdating = TimeSpan.FromDays(1);

    private readonly string _domain;
    private readonly TimeProvider _time;
    private readonly DevAuthority _authority;
    private readonly Lock _lock = new();
    private ServedCertificate _current;
    private DateTimeOffset _renewAt;

    /// <exception cref="TlsSetupException">The authority cannot be used or kept.</exception>
    public DevCertificates(RelayOptions options, TimeProvider time, ILogger<DevCertificates> logger)
    {
        _domain = options.Domain.ToLowerInvariant();
        _time = time;
        var folder = Path.Combine(Path.GetFullPath(options.DataDirectory), "dev-ca", _domain);
        try
        {
            _authority = DevAuthority.LoadOrCreate(folder, _domain, time.GetUtcNow());
            _current = Issue();
        }
        catch (Exception unusable) when (ServedCertificate.IsUnusable(unusable))
        {
            throw new TlsSetupException($"cannot use the CA in {folder}: {unusable.Message}", "delete the folder for a new one");
        }

        Log.Trust(logger, _domain, _authority.Path);
    }

    public ServedCertificate? Current
    {
        get
        {
            lock (_lock)
            {
                if (_time.GetUtcNow() >= _renewAt)
                {
                    _current = Issue();
                }

                return _current;
            }
        }
    }

    private ServedCertificate Issue()
    {
        var now = _time.GetUtcNow();
        var (certificate, key) = _authority.Issue(_domain, now - s_backdating, now + s_lifetime);
        _renewAt = now + (s_lifetime / 2);
        return ServedCertificate.FromPem(certificate, key);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1303,
            LogLevel.Information,
            "certificates for {Domain} come from the CA {Path}; trust it: curl --cacert, mcpr --relay-ca, NODE_EXTRA_CA_CERTS, or docs/tls.md",
            EventName = "DevCertificates"
        )]
        public static partial void Trust(ILogger logger, string domain, string path);
    }
}
