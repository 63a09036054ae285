using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.History;
using Tunnel.Relay.State;
using Tunnel.Relay.Team.Alerts;

namespace Tunnel.Relay.Team.Sqlite;

/// <summary>Alerts in the relay's SQLite file, where commands change them while the relay runs.</summary>
internal sealed class SqliteAlertStore(RelayDatabase database, TimeProvider time) : IAlertStore
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<TeamChange> AddAsync(string project, AlertRule rule, CancellationToken cancellationToken) =>
        Write(connection =>
        {
            if (connection.Scalar("SELECT id FROM projects WHERE name = $name", ("$name", project)) is not long id)
            {
                return TeamChange.Missing;
            }

            if ((long)connection.Scalar("SELECT COUNT(*) FROM alerts WHERE project = $id", ("$id", id))! >= IAlertStore.MaxRules)
            {
                return TeamChange.Full;
            }

            connection.Execute(
                """
                INSERT INTO alerts (id, project, server, tool, metric, threshold, window, min_calls, url, secret, created_at, look_at)
                VALUES ($id, $project, $server, $tool, $metric, $threshold, $window, $min, $url, $secret, $created, $created)
                """,
                ("$id", rule.Id),
                ("$project", id),
                ("$server", rule.Server),
                ("$tool", rule.Tool),
                ("$metric", AlertMetricNames.NameOf(rule.Metric)),
                ("$threshold", rule.Over),
                ("$window", (long)rule.Window.TotalMilliseconds),
                ("$min", rule.MinCalls),
                ("$url", rule.Webhook.Url.AbsoluteUri),
                ("$secret", rule.Webhook.Secret.Reveal()),
                ("$created", rule.CreatedAt.ToUnixTimeMilliseconds())
            );
            return TeamChange.Done;
        });

    public ValueTask<TeamChange> RemoveAsync(string project, string id, CancellationToken cancellationToken) =>
        Write(connection =>
        {
            var removed = connection.Execute(
                "DELETE FROM alerts WHERE id = $id AND project = (SELECT id FROM projects WHERE name = $project)",
                ("$id", id),
                ("$project", project)
            );
            if (removed == 0)
            {
                return TeamChange.Missing;
            }

            connection.Execute("DELETE FROM alert_messages WHERE alert = $id", ("$id", id));
            return TeamChange.Done;
        });

    public ValueTask<IReadOnlyList<Alert>> ListAsync(string project, CancellationToken cancellationToken) =>
        Read(connection =>
            connection.Query(
                row => AlertRows.ToAlert(row),
                $"{AlertRows.Select} WHERE p.name = $project ORDER BY a.created_at, a.id",
                ("$project", project)
            )
        );

    public async ValueTask<IReadOnlyList<Alert>> TakeDueAsync(int count, CancellationToken cancellationToken)
    {
        // Mostly there is none, which is no reason to keep writers waiting.
        var isAnyDue = await Read(connection =>
            connection.Scalar("SELECT 1 FROM alerts WHERE look_at <= $now LIMIT 1", ("$now", Now)) is not null
        );
        return isAnyDue ? await TakeDueAsync(count) : [];
    }

    public ValueTask<AlertRecorded> RecordAsync(
        Alert alert,
        AlertState state,
        AlertMessage? message,
        CancellationToken cancellationToken
    ) =>
        Write(connection =>
        {
            var kept = connection.Execute(
                """
                UPDATE alerts SET revision = revision + 1, is_firing = $firing, since = $since, good_since = $good,
                    seen_at = $seen, calls = $calls, value = $value
                WHERE id = $id AND revision = $revision
                """,
                ("$id", alert.Rule.Id),
                ("$revision", alert.Revision),
                ("$firing", state.IsFiring),
                ("$since", state.Since?.ToUnixTimeMilliseconds()),
                ("$good", state.GoodSince?.ToUnixTimeMilliseconds()),
                ("$seen", state.SeenAt?.ToUnixTimeMilliseconds()),
                ("$calls", state.Seen.Calls),
                ("$value", state.Seen.Value)
            );
            if (kept == 0)
            {
                return AlertRecorded.Outdated;
            }

            return message is null || TryAdd(connection, message) ? AlertRecorded.Kept : AlertRecorded.KeptWithoutMessage;
        });

    public async ValueTask<IReadOnlyList<AlertDelivery>> TakeMessagesAsync(
        int count,
        TimeSpan takenFor,
        CancellationToken cancellationToken
    )
    {
        var isAnyDue = await Read(connection =>
            connection.Scalar("SELECT 1 FROM alert_messages WHERE try_at <= $now LIMIT 1", ("$now", Now)) is not null
        );
        return isAnyDue ? await TakeMessagesAsync(count, takenFor) : [];
    }

    public async ValueTask PutOffAsync(string messageId, DateTimeOffset until, CancellationToken cancellationToken) =>
        await Read(connection =>
            connection.Execute(
                "UPDATE alert_messages SET tries = tries + 1, try_at = $until WHERE id = $id",
                ("$id", messageId),
                ("$until", until.ToUnixTimeMilliseconds())
            )
        );

    public async ValueTask SettleAsync(string messageId, CancellationToken cancellationToken) =>
        await Read(connection => connection.Execute("DELETE FROM alert_messages WHERE id = $id", ("$id", messageId)));

    private static bool TryAdd(SqliteConnection connection, AlertMessage message) =>
        (long)connection.Scalar("SELECT COUNT(*) FROM alert_messages")! < IAlertStore.MaxMessages
        && connection.Execute(
            "INSERT INTO alert_messages (id, alert, body, created_at, try_at) VALUES ($id, $alert, $body, $created, $created)",
            ("$id", message.Id),
            ("$alert", message.RuleId),
            ("$body", message.Body),
            ("$created", message.CreatedAt.ToUnixTimeMilliseconds())
        ) == 1;

    private ValueTask<IReadOnlyList<Alert>> TakeDueAsync(int count) =>
        Write(connection =>
        {
            var due = connection.Query(
                row => AlertRows.ToAlert(row),
                $"{AlertRows.Select} WHERE a.look_at <= $now ORDER BY a.look_at LIMIT $count",
                ("$now", Now),
                ("$count", count)
            );
            foreach (var alert in due)
            {
                connection.Execute(
                    "UPDATE alerts SET look_at = $next WHERE id = $id",
                    ("$id", alert.Rule.Id),
                    ("$next", Now + (long)alert.Rule.LookEvery.TotalMilliseconds)
                );
            }

            return due;
        });

    private ValueTask<IReadOnlyList<AlertDelivery>> TakeMessagesAsync(int count, TimeSpan takenFor) =>
        Write(connection =>
        {
            var due = connection.Query(
                row => AlertRows.ToDelivery(row),
                $"{AlertRows.SelectMessages} WHERE m.try_at <= $now AND {AlertRows.IsFirst} ORDER BY m.try_at, m.id LIMIT $count",
                ("$now", Now),
                ("$count", count)
            );
            foreach (var delivery in due)
            {
                connection.Execute(
                    "UPDATE alert_messages SET try_at = $until WHERE id = $id",
                    ("$id", delivery.Message.Id),
                    ("$until", Now + (long)takenFor.TotalMilliseconds)
                );
            }

            return due;
        });

    private ValueTask<T> Read<T>(Func<SqliteConnection, T> ask) =>
        database.Read(ask, static cause => new TeamStoreUnavailableException(cause));

    private ValueTask<T> Write<T>(Func<SqliteConnection, T> change) =>
        database.Write(change, static cause => new TeamStoreUnavailableException(cause));
}
