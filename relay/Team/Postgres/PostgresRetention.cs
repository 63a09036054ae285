using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>
/// Deletes what is too old, and the oldest of what is too much, in pieces between which others can write. How much there is is counted, since PostgreSQL
/// keeps the room of rows that are gone for others.
/// </summary>
/// <param name="change">Changes something in a transaction of its own, and tells how many rows that were.</param>
/// <param name="now">The time.</param>
/// <param name="options">How much may stay.</param>
internal sealed class PostgresRetention(
    Func<Func<HistoryConnection, ValueTask<long>>, ValueTask<long>> change,
    DateTimeOffset now,
    HistoryOptions options
)
{
    /// <summary>How much there is, for a statement that reads the row of <c>history</c>. Tables of few rows are as large as they are.</summary>
    public const string Bytes = """
        bytes + (SELECT CAST(SUM(pg_total_relation_size(one::regclass)) AS BIGINT) FROM unnest(ARRAY['series', 'failures', 'details', 'tools']) AS one)
        """;

    /// <summary>The time of the oldest event; after all times where there is none.</summary>
    private const string OldestEvent = "COALESCE((SELECT MIN(at) FROM events), 9223372036854775807)";

    /// <summary>Rows deleted at once, while no relay can write.</summary>
    private const int Piece = 5_000;

    /// <summary>Several relays prune; each leaves to the others what was done so lately.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private readonly long _oldest = (now - options.MaxAge).ToUnixTimeMilliseconds();

    public async ValueTask ApplyAsync(CancellationToken cancellationToken)
    {
        if (await change(BeginAsync) == 0)
        {
            return;
        }

        await RepeatAsync(DeleteOldEventsAsync, cancellationToken);
        foreach (var width in RollupWidths.All)
        {
            await RepeatAsync(connection => DeleteOldSumsAsync(connection, width), cancellationToken);
        }

        if (await change(ExcessAsync) > 0)
        {
            while (
                !cancellationToken.IsCancellationRequested
                && await change(ExcessAsync) is > 0 and var excess
                && await change(connection => DeleteOldestAsync(connection, excess)) > 0
            ) { }

            await change(NoteTooMuchAsync);
        }

        await change(async connection =>
        {
            var (sessions, losses) = await Leftovers.DeleteAsync(connection, _oldest);
            return await connection.ExecuteAsync(
                "UPDATE history SET bytes = bytes - @bytes",
                ("@bytes", (sessions * PostgresSizes.Session) + (losses * PostgresSizes.Loss))
            );
        });
    }

    private async ValueTask RepeatAsync(Func<HistoryConnection, ValueTask<long>> piece, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && await change(piece) == Piece) { }
    }

    private async ValueTask<long> BeginAsync(HistoryConnection connection)
    {
        var isMine = await connection.ExecuteAsync(
            "UPDATE history SET pruned_at = @now WHERE pruned_at <= @least",
            ("@now", now.ToUnixTimeMilliseconds()),
            ("@least", (now - s_pause).ToUnixTimeMilliseconds())
        );
        if (isMine > 0 && await connection.ScalarAsync("SELECT 1 FROM events WHERE at < @before LIMIT 1", ("@before", _oldest)) is not null)
        {
            await Leftovers.NoteAsync(connection, Leftovers.TooOld, _oldest);
        }

        return isMine;
    }

    private ValueTask<long> DeleteOldEventsAsync(HistoryConnection connection) =>
        DeleteEventsAsync(connection, "WHERE at < @before ORDER BY at", Piece, ("@before", _oldest));

    private ValueTask<long> DeleteOldSumsAsync(HistoryConnection connection, int width) =>
        DeleteSumsAsync(connection, "WHERE width = @width AND at < @before", Piece, ("@width", width), ("@before", _oldest));

    private async ValueTask<long> ExcessAsync(HistoryConnection connection) =>
        (long)(await connection.ScalarAsync($"SELECT GREATEST(0, {Bytes} - @most) FROM history", ("@most", options.MaxBytes)))!;

    /// <summary>What was before the oldest event, and then events before sums: those are small, and tell of what is gone.</summary>
    private static async ValueTask<long> DeleteOldestAsync(HistoryConnection connection, long bytes)
    {
        var rows = Math.Min(Piece, (bytes / PostgresSizes.Event) + 1);
        var deleted = await DeleteAsync(
            connection,
            $"""
            DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE last_at < {OldestEvent} ORDER BY last_at LIMIT {rows})
            RETURNING {PostgresSizes.Session}
            """
        );
        deleted += await DeleteAsync(
            connection,
            $"DELETE FROM losses WHERE id IN (SELECT id FROM losses WHERE at < {OldestEvent} LIMIT {rows}) RETURNING {PostgresSizes.Loss}"
        );
        return deleted > 0 ? deleted
            : await DeleteEventsAsync(connection, "ORDER BY sequence", rows) is > 0 and var events ? events
            : await DeleteSumsAsync(connection, "ORDER BY width, at", rows);
    }

    private async ValueTask<long> NoteTooMuchAsync(HistoryConnection connection)
    {
        await Leftovers.NoteAsync(
            connection,
            Leftovers.TooMuch,
            (long?)await connection.ScalarAsync("SELECT MIN(at) FROM events") ?? now.ToUnixTimeMilliseconds()
        );
        return 0;
    }

    private static ValueTask<long> DeleteEventsAsync(
        HistoryConnection connection,
        string which,
        long rows,
        params IReadOnlyList<(string, object?)> values
    ) =>
        DeleteAsync(
            connection,
            $"""
            DELETE FROM events WHERE sequence IN (SELECT sequence FROM events {which} LIMIT {rows})
            RETURNING {PostgresSizes.Event} + COALESCE(octet_length("user"), 0) + COALESCE(octet_length(request_id), 0)
            """,
            values,
            isOfEvents: true
        );

    private static ValueTask<long> DeleteSumsAsync(
        HistoryConnection connection,
        string which,
        long rows,
        params IReadOnlyList<(string, object?)> values
    ) =>
        DeleteAsync(
            connection,
            $"""
            DELETE FROM rollups WHERE (width, at, series) IN (SELECT width, at, series FROM rollups {which} LIMIT {rows})
            RETURNING {PostgresSizes.Rollup} + octet_length(histogram)
            """,
            values
        );

    private static async ValueTask<long> DeleteAsync(
        HistoryConnection connection,
        string delete,
        IReadOnlyList<(string, object?)>? values = null,
        bool isOfEvents = false
    ) =>
        (long)
            (
                await connection.ScalarAsync(
                    $"""
                    WITH gone (size) AS ({delete}), sums AS (SELECT COUNT(*) AS rows, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS size FROM gone)
                    UPDATE history SET events = events - {(
                        isOfEvents ? "sums.rows" : "0"
                    )}, bytes = bytes - sums.size FROM sums RETURNING sums.rows
                    """,
                    values ?? []
                )
            )!;
}
