using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tunnel.Relay.Tls;

/// <summary>Says so in the log when certificates come near their end, which those who renew them should have prevented.</summary>
internal sealed partial class CertificateWatch(CertificateEnds ends, TimeProvider time, ILogger<CertificateWatch> logger)
    : BackgroundService
{
    /// <summary>Certificates live for days at least; two lines a day are seen and do not fill a log.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(12);

    /// <summary>Many end together when something is wrong with all of them.</summary>
    private const int MaxNamed = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            Tell();
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Tell()
    {
        var near = ends.Near();
        foreach (var (domain, left) in near.Take(MaxNamed))
        {
            Log.NearEnd(logger, domain, Math.Round(left.TotalDays, 1));
        }

        if (near.Count > MaxNamed)
        {
            Log.More(logger, near.Count - MaxNamed);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1312,
            LogLevel.Warning,
            "the certificate for {Domain} was not renewed and ends in {Days} days",
            EventName = "CertificateNearEnd"
        )]
        public static partial void NearEnd(ILogger logger, string domain, double days);

        [LoggerMessage(1313, LogLevel.Warning, "so do {Count} more", EventName = "MoreCertificatesNearEnd")]
        public static partial void More(ILogger logger, int count);
    }
}
