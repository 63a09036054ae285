using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.History.Sql;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>Deletes what is too old, and the oldest of what is too much, in pieces between which others can write.</summary>
internal static class Retention
{
    /// <summary>Rows deleted at once: some 20 ms in which nobody else can write.</summary>
    private const int Piece = 5_000;

    /// <summary>Pages given back to the disk at once.</summary>
    private const int FreedPages = 2_000;

    /// <summary>The time of the oldest event; after all times where there is none.</summary>
    private const string OldestEvent = "COALESCE((SELECT MIN(at) FROM events), 9223372036854775807)";

    public static async ValueTask ApplyAsync(
        SqliteConnection connection,
        DateTimeOffset now,
        HistoryOptions options,
        CancellationToken cancellationToken
    )
    {
        // What is begun is done; what comes then is left to the next time.
        var history = new HistoryConnection(connection, SqlDialect.Sqlite, CancellationToken.None);
        var oldest = (now - options.MaxAge).ToUnixTimeMilliseconds();
        if (connection.Scalar("SELECT 1 FROM events WHERE at < $before LIMIT 1", ("$before", oldest)) is not null)
        {
            await Leftovers.NoteAsync(history, Leftovers.TooOld, oldest);
        }

        Repeat("DELETE FROM events WHERE sequence IN (SELECT sequence FROM events WHERE at < $before ORDER BY at LIMIT $piece)", oldest);
        Repeat(
            "DELETE FROM rollups WHERE (width, at, series) IN (SELECT width, at, series FROM rollups WHERE width = $width AND at < $before LIMIT $piece)",
            oldest
        );
        var isTooMuch = BytesOf(connection) > options.MaxBytes;
        while (!cancellationToken.IsCancellationRequested && BytesOf(connection) > options.MaxBytes && DeleteOldest(connection)) { }

        if (isTooMuch)
        {
            await Leftovers.NoteAsync(
                history,
                Leftovers.TooMuch,
                (long?)connection.Scalar("SELECT MIN(at) FROM events") ?? now.ToUnixTimeMilliseconds()
            );
        }

        await Leftovers.DeleteAsync(history, oldest);
        connection.Execute($"PRAGMA incremental_vacuum({FreedPages})");

        void Repeat(string sql, long before)
        {
            foreach (var width in sql.Contains("$width", StringComparison.Ordinal) ? RollupWidths.All : [0])
            {
                while (
                    !cancellationToken.IsCancellationRequested
                    && connection.Execute(sql, ("$before", before), ("$piece", Piece), ("$width", width)) == Piece
                ) { }
            }
        }
    }

    /// <summary>What is in use of the file; room that was freed is used again.</summary>
    public static long BytesOf(SqliteConnection connection) =>
        ((long)connection.Scalar("PRAGMA page_count")! - (long)connection.Scalar("PRAGMA freelist_count")!)
        * (long)connection.Scalar("PRAGMA page_size")!;

    /// <summary>
    /// Events before sums: those are small, and tell of what is gone. Sessions are not where every call is one, nor are losses where somebody makes them up,
    /// so they go with their time.
    /// </summary>
    private static bool DeleteOldest(SqliteConnection connection) =>
        connection.Execute(
            $"DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE last_at < {OldestEvent} ORDER BY last_at LIMIT $piece)",
            ("$piece", Piece)
        ) > 0
        || connection.Execute(
            $"DELETE FROM losses WHERE rowid IN (SELECT rowid FROM losses WHERE at < {OldestEvent} LIMIT $piece)",
            ("$piece", Piece)
        ) > 0
        || connection.Execute(
            "DELETE FROM events WHERE sequence IN (SELECT sequence FROM events ORDER BY sequence LIMIT $piece)",
            ("$piece", Piece)
        ) > 0
        || connection.Execute(
            "DELETE FROM rollups WHERE (width, at, series) IN (SELECT width, at, series FROM rollups ORDER BY width, at LIMIT $piece)",
            ("$piece", Piece)
        ) > 0;
}
