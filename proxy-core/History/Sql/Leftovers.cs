using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>What goes when events do, and what is remembered of them.</summary>
public static class Leftovers
{
    /// <summary>What has <see cref="HistoryGaps.Reason"/> when events were too old.</summary>
    public const string TooOld = "max_age";

    /// <summary>And when there were too many.</summary>
    public const string TooMuch = "max_size";

    /// <summary>Remembers until when events are missing.</summary>
    public static async ValueTask NoteAsync(HistoryConnection connection, string reason, long before) =>
        await connection.ExecuteAsync(
            $"""
            INSERT INTO pruned (reason, before) VALUES (@reason, @before)
            ON CONFLICT (reason) DO UPDATE SET before = {connection.Dialect.Greatest}(pruned.before, excluded.before)
            """,
            ("@reason", reason),
            ("@before", before)
        );

    /// <summary>Deletes what is as old as events and sums that are gone, and what nothing refers to any more.</summary>
    /// <returns>How many sessions and losses there were.</returns>
    public static async ValueTask<(long Sessions, long Losses)> DeleteAsync(HistoryConnection connection, long oldest)
    {
        var sessions = await connection.ExecuteAsync("DELETE FROM sessions WHERE last_at < @before", ("@before", oldest));
        var losses = await connection.ExecuteAsync("DELETE FROM losses WHERE at < @before", ("@before", oldest));
        await connection.ExecuteAsync("DELETE FROM tools WHERE last_at < @before", ("@before", oldest));
        await connection.ExecuteAsync("DELETE FROM listings WHERE last_at < @before", ("@before", oldest));
        // Series are old once nothing of them is left; what is of one event only has no other trace.
        await connection.ExecuteAsync(
            """
            DELETE FROM series WHERE last_at < @before AND NOT EXISTS (SELECT 1 FROM events WHERE events.series = series.id)
                AND NOT EXISTS (SELECT 1 FROM rollups WHERE width = @hour AND rollups.series = series.id)
            """,
            ("@before", oldest),
            ("@hour", RollupWidths.Hour)
        );
        await connection.ExecuteAsync(
            "DELETE FROM failures WHERE id IN (SELECT id FROM failures EXCEPT SELECT failure FROM events WHERE status > 0)"
        );
        await connection.ExecuteAsync(
            "DELETE FROM details WHERE id IN (SELECT id FROM details EXCEPT SELECT detail FROM events WHERE detail IS NOT NULL)"
        );
        return (sessions, losses);
    }
}
