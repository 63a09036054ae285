using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Tls.Orders;

namespace Tunnel.Relay.Tls;

/// <summary>Certificates from an ACME authority: one for the relay's domain and all names below it, and one for each proved domain of an owner.</summary>
internal sealed partial class AcmeCertificates : BackgroundService, ICertificateSource
{
    private readonly DomainRoutes _domains;
    private readonly LegoClient _lego;
    private readonly IOrderTurns _turns;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly bool _hasPlainListener;
    private readonly OrderedCertificate _own;

    // Bounded by --max-domains: those that are proved, and nothing else.
    private readonly ConcurrentDictionary<string, KeptDomain> _kept = new(StringComparer.Ordinal);

    // The first look at what is there and the news that come meanwhile would begin the same orders twice.
    private readonly Lock _following = new();

    private CancellationToken _stopping;

    /// <exception cref="TlsSetupException">There is no lego, and no certificate from earlier.</exception>
    public AcmeCertificates(
        RelayOptions options,
        DomainRoutes domains,
        LegoClient lego,
        IOrderTurns turns,
        TimeProvider time,
        ILogger<AcmeCertificates> logger
    )
    {
        _domains = domains;
        _lego = lego;
        _turns = turns;
        _time = time;
        _logger = logger;
        _hasPlainListener = options.ListenAddresses().Any(address => address.Scheme == Uri.UriSchemeHttp);
        _own = Order(new CertificateSubject(options.Domain.ToLowerInvariant(), IsWildcard: true));
        if (_own.Current is null && !lego.IsInstalled)
        {
            throw new TlsSetupException(
                "--tls acme needs the program lego, which is not on PATH",
                "install it, such as with apt-get install lego, or from https://go-acme.github.io/lego/"
            );
        }
    }

    public ServedCertificate? Current => _own.Current;

    public ServedCertificate? Of(string domain) => _kept.TryGetValue(domain, out var kept) ? kept.Certificate.Current : null;

    public string? FindProblem(string domain) =>
        !_hasPlainListener ? "the relay has no http address in --listen, which the authority would ask"
        : !_kept.TryGetValue(domain, out var kept) ? null
        : kept.Certificate is { Current: null, IsFailing: true }
            ? $"there is no certificate: the authority does not get through to http://{domain}/; does the domain lead to the relay?"
        : kept.Certificate.Current is null ? "its certificate is being ordered"
        : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        // One order runs at a time, and visitors of all names wait for this one.
        var own = _own.KeepAsync(stoppingToken);
        _domains.Changed += (before, after) => Follow((after ?? before)!.Domain);
        foreach (var claim in _domains.All)
        {
            Follow(claim.Domain);
        }

        await own;
        await Task.WhenAll(_kept.Values.Select(kept => kept.Keeping));
    }

    /// <summary>Does what is called for by what is known now, whatever became known first.</summary>
    private void Follow(string domain)
    {
        lock (_following)
        {
            if (_domains.Find(domain) is null)
            {
                if (_kept.TryRemove(domain, out var gone))
                {
                    gone.Stop();
                }
            }
            else if (!_hasPlainListener)
            {
                Log.NoPlainListener(_logger, domain);
            }
            else
            {
                _kept.GetOrAdd(domain, Keep);
            }
        }
    }

    private KeptDomain Keep(string domain)
    {
        var certificate = Order(new CertificateSubject(domain, IsWildcard: false));
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
        return new KeptDomain(certificate, certificate.KeepAsync(stop.Token), stop);
    }

    private OrderedCertificate Order(CertificateSubject subject) => new(subject, _lego, _turns, _time, _logger);

    private sealed record KeptDomain(OrderedCertificate Certificate, Task Keeping, CancellationTokenSource Stopping)
    {
        public void Stop()
        {
            Stopping.Cancel();
            Stopping.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1310,
            LogLevel.Warning,
            "no certificate for {Domain}: the authority asks over plain HTTP, and --listen has no http address",
            EventName = "NoPlainListener"
        )]
        public static partial void NoPlainListener(ILogger logger, string domain);
    }
}
