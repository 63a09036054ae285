using Tunnel.ProxyCore.History.Sql;
using Tunnel.Relay.Team.Alerts;

namespace Tunnel.Relay.Team;

/// <summary>Alerts in tables, which commands change while relays run.</summary>
internal sealed class SqlAlertStore(ITeamDatabase database, TimeProvider time) : IAlertStore
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<TeamChange> AddAsync(string project, AlertRule rule, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async connection =>
            {
                if (await connection.ScalarAsync("SELECT id FROM projects WHERE name = @name", ("@name", project)) is not long id)
                {
                    return TeamChange.Missing;
                }

                if (
                    (long)(await connection.ScalarAsync("SELECT COUNT(*) FROM alerts WHERE project = @id", ("@id", id)))!
                    >= IAlertStore.MaxRules
                )
                {
                    return TeamChange.Full;
                }

                await connection.ExecuteAsync(
                    """
                    INSERT INTO alerts (id, project, server, tool, metric, threshold, "window", min_calls, url, secret, created_at, look_at)
                    VALUES (@id, @project, @server, @tool, @metric, @threshold, @window, @min, @url, @secret, @created, @created)
                    """,
                    ("@id", rule.Id),
                    ("@project", id),
                    ("@server", rule.Server),
                    ("@tool", rule.Tool),
                    ("@metric", AlertMetricNames.NameOf(rule.Metric)),
                    ("@threshold", rule.Over),
                    ("@window", (long)rule.Window.TotalMilliseconds),
                    ("@min", rule.MinCalls),
                    ("@url", rule.Webhook.Url.AbsoluteUri),
                    ("@secret", rule.Webhook.Secret.Reveal()),
                    ("@created", rule.CreatedAt.ToUnixTimeMilliseconds())
                );
                return TeamChange.Done;
            },
            cancellationToken
        );

    public ValueTask<TeamChange> RemoveAsync(string project, string id, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async connection =>
            {
                var removed = await connection.ExecuteAsync(
                    "DELETE FROM alerts WHERE id = @id AND project = (SELECT id FROM projects WHERE name = @project)",
                    ("@id", id),
                    ("@project", project)
                );
                if (removed == 0)
                {
                    return TeamChange.Missing;
                }

                await connection.ExecuteAsync("DELETE FROM alert_messages WHERE alert = @id", ("@id", id));
                return TeamChange.Done;
            },
            cancellationToken
        );

    public ValueTask<IReadOnlyList<Alert>> ListAsync(string project, CancellationToken cancellationToken) =>
        database.AskAsync(
            connection =>
                connection.QueryAsync(
                    row => AlertRows.ToAlert(row),
                    $"{AlertRows.Select} WHERE p.name = @project ORDER BY a.created_at, a.id",
                    ("@project", project)
                ),
            cancellationToken
        );

    public async ValueTask<IReadOnlyList<Alert>> TakeDueAsync(int count, CancellationToken cancellationToken)
    {
        // Mostly there is none, which is no reason to keep writers waiting.
        var isAnyDue = await database.AskAsync(
            async connection =>
                await connection.ScalarAsync("SELECT 1 FROM alerts WHERE look_at <= @now LIMIT 1", ("@now", Now)) is not null,
            cancellationToken
        );
        return isAnyDue ? await TakeDueRulesAsync(count, cancellationToken) : [];
    }

    public ValueTask<AlertRecorded> RecordAsync(
        Alert alert,
        AlertState state,
        AlertMessage? message,
        CancellationToken cancellationToken
    ) =>
        database.ChangeAsync(
            async connection =>
            {
                var kept = await connection.ExecuteAsync(
                    """
                    UPDATE alerts SET revision = revision + 1, is_firing = @firing, since = @since, good_since = @good,
                        seen_at = @seen, calls = @calls, value = @value
                    WHERE id = @id AND revision = @revision
                    """,
                    ("@id", alert.Rule.Id),
                    ("@revision", alert.Revision),
                    ("@firing", state.IsFiring),
                    ("@since", state.Since?.ToUnixTimeMilliseconds()),
                    ("@good", state.GoodSince?.ToUnixTimeMilliseconds()),
                    ("@seen", state.SeenAt?.ToUnixTimeMilliseconds()),
                    ("@calls", state.Seen.Calls),
                    ("@value", state.Seen.Value)
                );
                if (kept == 0)
                {
                    return AlertRecorded.Outdated;
                }

                return message is null || await TryAddAsync(connection, message) ? AlertRecorded.Kept : AlertRecorded.KeptWithoutMessage;
            },
            cancellationToken
        );

    public async ValueTask<IReadOnlyList<AlertDelivery>> TakeMessagesAsync(
        int count,
        TimeSpan takenFor,
        CancellationToken cancellationToken
    )
    {
        var isAnyDue = await database.AskAsync(
            async connection =>
                await connection.ScalarAsync("SELECT 1 FROM alert_messages WHERE try_at <= @now LIMIT 1", ("@now", Now)) is not null,
            cancellationToken
        );
        return isAnyDue ? await TakeDueMessagesAsync(count, takenFor, cancellationToken) : [];
    }

    public async ValueTask PutOffAsync(string messageId, DateTimeOffset until, CancellationToken cancellationToken) =>
        await database.AskAsync(
            async connection =>
                await connection.ExecuteAsync(
                    "UPDATE alert_messages SET tries = tries + 1, try_at = @until WHERE id = @id",
                    ("@id", messageId),
                    ("@until", until.ToUnixTimeMilliseconds())
                ),
            cancellationToken
        );

    public async ValueTask SettleAsync(string messageId, CancellationToken cancellationToken) =>
        await database.AskAsync(
            async connection => await connection.ExecuteAsync("DELETE FROM alert_messages WHERE id = @id", ("@id", messageId)),
            cancellationToken
        );

    private static async ValueTask<bool> TryAddAsync(HistoryConnection connection, AlertMessage message) =>
        (long)(await connection.ScalarAsync("SELECT COUNT(*) FROM alert_messages"))! < IAlertStore.MaxMessages
        && await connection.ExecuteAsync(
            "INSERT INTO alert_messages (id, alert, body, created_at, try_at) VALUES (@id, @alert, @body, @created, @created)",
            ("@id", message.Id),
            ("@alert", message.RuleId),
            ("@body", message.Body),
            ("@created", message.CreatedAt.ToUnixTimeMilliseconds())
        ) == 1;

    private ValueTask<IReadOnlyList<Alert>> TakeDueRulesAsync(int count, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async connection =>
            {
                var due = await connection.QueryAsync(
                    row => AlertRows.ToAlert(row),
                    $"{AlertRows.Select} WHERE a.look_at <= @now ORDER BY a.look_at LIMIT @count",
                    ("@now", Now),
                    ("@count", count)
                );
                foreach (var alert in due)
                {
                    await connection.ExecuteAsync(
                        "UPDATE alerts SET look_at = @next WHERE id = @id",
                        ("@id", alert.Rule.Id),
                        ("@next", Now + (long)alert.Rule.LookEvery.TotalMilliseconds)
                    );
                }

                return due;
            },
            cancellationToken
        );

    private ValueTask<IReadOnlyList<AlertDelivery>> TakeDueMessagesAsync(
        int count,
        TimeSpan takenFor,
        CancellationToken cancellationToken
    ) =>
        database.ChangeAsync(
            async connection =>
            {
                var due = await connection.QueryAsync(
                    row => AlertRows.ToDelivery(row),
                    $"{AlertRows.SelectMessages} WHERE m.try_at <= @now AND {AlertRows.IsFirst} ORDER BY m.try_at, m.id LIMIT @count",
                    ("@now", Now),
                    ("@count", count)
                );
                foreach (var delivery in due)
                {
                    await connection.ExecuteAsync(
                        "UPDATE alert_messages SET try_at = @until WHERE id = @id",
                        ("@id", delivery.Message.Id),
                        ("@until", Now + (long)takenFor.TotalMilliseconds)
                    );
                }

                return due;
            },
            cancellationToken
        );
}
