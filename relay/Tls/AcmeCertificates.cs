using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tls;

/// <summary>
/// Keeps a certificate in use that an ACME authority has issued. Whatever fails, what there is goes on being served, also past its end:
/// visitors who are warned are better off than visitors who get nothing.
/// </summary>
internal sealed partial class AcmeCertificates : BackgroundService, ICertificateSource
{
    /// <summary>Looks at the clock this often at least; it may have been set, and a timer cannot run for 60 days.</summary>
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromHours(1);

    private readonly LegoClient _lego;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IssuedCertificate _stored;
    private readonly RenewalSchedule _schedule = new(Random.Shared.NextDouble);
    private volatile ServedCertificate? _current;

    /// <exception cref="TlsSetupException">There is no lego, and no certificate from earlier.</exception>
    public AcmeCertificates(RelayOptions options, LegoClient lego, TimeProvider time, ILogger<AcmeCertificates> logger)
    {
        _lego = lego;
        _time = time;
        _logger = logger;
        _stored = new IssuedCertificate(Path.Combine(lego.Folder, "certificate.pem"), options.Domain.ToLowerInvariant());
        _current = _stored.Load();
        if (_current is null && !lego.IsInstalled)
        {
            throw new TlsSetupException(
                "--tls acme needs the program lego, which is not on PATH",
                "install it, such as with apt-get install lego, or from https://go-acme.github.io/lego/"
            );
        }
    }

    public ServedCertificate? Current => _current;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var dueAt = _current is { } stored ? _schedule.DueAt(stored.Certificate) : _time.GetUtcNow();
        var failures = 0;
        try
        {
            while (true)
            {
                while (dueAt - _time.GetUtcNow() is var left && left > TimeSpan.Zero)
                {
                    await Task.Delay(left < s_longestSleep ? left : s_longestSleep, _time, stoppingToken);
                }

                try
                {
                    var issued = await OrderAsync(stoppingToken);
                    dueAt = _schedule.DueAt(issued.Certificate);
                    failures = 0;
                }
                catch (IssuanceException failed)
                {
                    var wait = _schedule.RetryAfter(++failures);
                    dueAt = _time.GetUtcNow() + wait;
                    Log.Failed(_logger, failed.Message, wait, InUse());
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task<ServedCertificate> OrderAsync(CancellationToken stopping)
    {
        Log.Ordering(_logger, _lego.Server);
        var (certificate, key) = await _lego.OrderAsync(stopping);
        var issued = _stored.Save(certificate, key);
        _current = issued;
        Log.Issued(_logger, issued.Certificate.NotAfter.ToUniversalTime());
        return issued;
    }

    private string InUse() =>
        _current is { } served
            ? string.Create(CultureInfo.InvariantCulture, $"the one in use is good until {served.Certificate.NotAfter.ToUniversalTime():u}")
            : "there is none yet";

    private static partial class Log
    {
        [LoggerMessage(1304, LogLevel.Information, "ordering a certificate from {Server}", EventName = "CertificateOrdered")]
        public static partial void Ordering(ILogger logger, Uri server);

        [LoggerMessage(1305, LogLevel.Information, "certificate issued, good until {NotAfter:u}", EventName = "CertificateIssued")]
        public static partial void Issued(ILogger logger, DateTime notAfter);

        [LoggerMessage(1306, LogLevel.Error, "no new certificate: {Reason}; next try in {Wait}, {InUse}", EventName = "CertificateFailed")]
        public static partial void Failed(ILogger logger, string reason, TimeSpan wait, string inUse);
    }
}
