using System.Data.Common;
using Tunnel.ProxyCore.History.Sql;
using Tunnel.Relay.Team.Alerts;
using Tunnel.Relay.Team.Alerts.Webhooks;

namespace Tunnel.Relay.Team;

/// <summary>Rows of alerts and their messages, read.</summary>
internal static class AlertRows
{
    public const string Select = """
        SELECT p.id, p.name, p.created_at, p.max_age, p.max_bytes,
            a.id, a.server, a.tool, a.metric, a.threshold, a."window", a.min_calls, a.url, a.secret, a.created_at,
            a.revision, a.is_firing, a.since, a.good_since, a.seen_at, a.calls, a.value
        FROM alerts a JOIN projects p ON p.id = a.project
        """;

    public const string SelectMessages = """
        SELECT m.id, m.alert, m.body, m.created_at, m.tries, p.name, a.url, a.secret
        FROM alert_messages m JOIN alerts a ON a.id = m.alert JOIN projects p ON p.id = a.project
        """;

    /// <summary>Whether no earlier message of the same rule is on its way.</summary>
    public const string IsFirst = "NOT EXISTS (SELECT 1 FROM alert_messages b WHERE b.alert = m.alert AND b.created_at < m.created_at)";

    public static Alert ToAlert(DbDataReader row) => new(SqlTeamStore.ToProject(row, 0), ToRule(row), ToState(row), row.GetInt64(15));

    public static AlertDelivery ToDelivery(DbDataReader row) =>
        new(
            new AlertMessage
            {
                Id = row.GetString(0),
                RuleId = row.GetString(1),
                Body = row.GetFieldValue<byte[]>(2),
                CreatedAt = row.MomentOf(3),
                Tries = row.GetInt32(4),
            },
            row.GetString(5),
            TargetOf(row, 6)
        );

    private static AlertRule ToRule(DbDataReader row) =>
        new()
        {
            Id = row.GetString(5),
            Server = row.IsDBNull(6) ? null : row.GetString(6),
            Tool = row.IsDBNull(7) ? null : row.GetString(7),
            Metric = AlertMetricNames.Find(row.GetString(8)) ?? AlertMetric.ErrorRate,
            Over = row.GetDouble(9),
            Window = TimeSpan.FromMilliseconds(row.GetInt64(10)),
            MinCalls = row.GetInt32(11),
            Webhook = TargetOf(row, 12),
            CreatedAt = row.MomentOf(14),
        };

    private static AlertState ToState(DbDataReader row) =>
        new()
        {
            IsFiring = row.GetBoolean(16),
            Since = row.MomentOrNull(17),
            GoodSince = row.MomentOrNull(18),
            SeenAt = row.MomentOrNull(19),
            Seen = new AlertReading(row.GetInt64(20), row.IsDBNull(21) ? null : row.GetDouble(21)),
        };

    private static WebhookTarget TargetOf(DbDataReader row, int first) =>
        new(new Uri(row.GetString(first)), WebhookSecret.Parse(row.GetString(first + 1)));
}
