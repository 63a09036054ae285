using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.Relay.Team.Alerts;

/// <summary>Reads what a rule is about from the history of its project.</summary>
internal static class AlertGauge
{
    public static async Task<AlertReading> ReadAsync(
        IHistoryStore history,
        AlertRule rule,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var filter = new HistoryFilter
        {
            From = now - rule.Window,
            To = now,
            Servers = rule.Server is { } server ? [server] : [],
            Tools = rule.Tool is { } tool ? [tool] : [],
        };
        var sums = await new HistoryReports(history).SumsAsync(filter, cancellationToken);
        return new AlertReading(sums.Calls, rule.Metric == AlertMetric.ErrorRate ? sums.ErrorRate : sums.P95?.TotalMilliseconds);
    }
}
