using System.Diagnostics.Metrics;
using Tunnel.Relay.AccessLog;
using Tunnel.Relay.Stopping;
using Tunnel.Relay.Tls;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Admin;

/// <summary>What can be asked of the relay at any moment, told to whoever asks; nobody pays while nobody does.</summary>
internal sealed class RelayGauges
{
    public RelayGauges(
        IMeterFactory meters,
        TunnelRegistry tunnels,
        RunningExchanges exchanges,
        RelayDrain drain,
        AccessLogWriter? accessLog = null,
        CertificateEnds? certificates = null
    )
    {
        var meter = meters.Create(RelayMetrics.MeterName);
        meter.CreateObservableGauge("mcpr.relay.tunnels.open", () => tunnels.Open, "{tunnel}", "Connectors with an open tunnel.");
        meter.CreateObservableGauge(
            "mcpr.relay.data_connections.open",
            () => tunnels.Sessions.Sum(session => session.DataConnections),
            "{connection}",
            "Data connections of connectors."
        );
        meter.CreateObservableGauge(
            "mcpr.relay.exchanges.running",
            () => exchanges.Count,
            "{request}",
            "Requests of visitors that are under way, with those that wait."
        );
        if (accessLog is not null)
        {
            meter.CreateObservableCounter(
                "mcpr.relay.access_log.dropped",
                () => accessLog.Dropped,
                "{line}",
                "Lines of the access log that its reader was too slow for."
            );
        }

        if (certificates is not null)
        {
            meter.CreateObservableGauge(
                "mcpr.relay.tls.certificate.expiry",
                () => Ends(certificates),
                "s",
                "Time until certificates end: the relay's own, and the first to end of those of owners' domains."
            );
        }

        meter.CreateObservableGauge("mcpr.relay.draining", () => drain.HasBegun ? 1 : 0, unit: null, "Whether the relay was told to stop.");
    }

    private static IEnumerable<Measurement<double>> Ends(CertificateEnds certificates)
    {
        (string Certificate, TimeSpan? Left)[] ends = [("relay", certificates.Own), ("domains", certificates.Domains)];
        foreach (var (certificate, left) in ends)
        {
            if (left is { TotalSeconds: var seconds })
            {
                yield return new Measurement<double>(seconds, new KeyValuePair<string, object?>("certificate", certificate));
            }
        }
    }
}
