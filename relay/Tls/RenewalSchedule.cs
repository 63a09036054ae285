using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Relay.Tls;

/// <summary>When to order the next certificate.</summary>
/// <param name="random">A number from 0 to 1, so that relays that started together do not order together.</param>
internal sealed class RenewalSchedule(Func<double> random)
{
    /// <summary>Let's Encrypt allows five failures an hour; this begins with four.</summary>
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_longestRetry = TimeSpan.FromHours(6);

    /// <summary>When a third of its time is left, as authorities recommend, and a little earlier by chance.</summary>
    public DateTimeOffset DueAt(X509Certificate2 certificate)
    {
        var notAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        var lifetime = notAfter - new DateTimeOffset(certificate.NotBefore.ToUniversalTime());
        return notAfter - (lifetime / 3) - (lifetime / 30 * random());
    }

    /// <summary>5, 10, 20 minutes and so on to 6 hours, each up to a fifth longer.</summary>
    /// <param name="failures">How often it has failed by now, at least once.</param>
    public TimeSpan RetryAfter(int failures)
    {
        var doubled = s_firstRetry * Math.Pow(2, Math.Min(failures - 1, 16));
        return (doubled < s_longestRetry ? doubled : s_longestRetry) * (1 + (0.2 * random()));
    }
}
