using Tunnel.ProxyCore.Tls;

namespace Tunnel.Relay.Tls;

/// <summary>A certificate of the relay's own authority for one domain: a new one at every start, and whenever it has served most of its time.</summary>
internal sealed class DevCertificate
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

    /// <param name="domain">What it is for, with the names below it.</param>
    /// <param name="folder">Holds the authority, which is for that domain alone.</param>
    /// <param name="time">The clock.</param>
    /// <inheritdoc cref="DevAuthority.LoadOrCreate" path="/exception"/>
    public DevCertificate(string domain, string folder, TimeProvider time)
    {
        _domain = domain;
        _time = time;
        _authority = DevAuthority.LoadOrCreate(folder, domain, time.GetUtcNow());
        _current = Issue();
    }

    /// <summary>The file to trust.</summary>
    public string AuthorityPath => _authority.Path;

    public ServedCertificate Current
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
}
