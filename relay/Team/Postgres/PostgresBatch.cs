using Npgsql;
using NpgsqlTypes;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>Writes the events of a batch with a handful of statements, however many there are.</summary>
internal static class PostgresBatch
{
    private const string Copy = """
        COPY events (id, at, series, session, failure, detail, latency, read_time, wait_time, upstream, rewrite_time, edge_time, hold_time, tunnel_time,
                     bytes_in, bytes_out, http_status, batch, status, csp_applied, "user", request_id)
        FROM STDIN (FORMAT BINARY)
        """;

    /// <summary>For a writer that no other writes beside.</summary>
    /// <returns>How many were new.</returns>
    public static async ValueTask<int> WriteAsync(HistoryConnection connection, IReadOnlyList<HistoryEntry> entries)
    {
        var news = await NewOfAsync(connection, entries);
        if (news.Count == 0)
        {
            return 0;
        }

        McpEvent[] events = [.. news.Select(entry => entry.Event)];
        var series = await PostgresWordRows.FindOrAddAsync(connection, WordTable.Series, events);
        var failures = await PostgresWordRows.FindOrAddAsync(connection, WordTable.Failures, events);
        var details = await PostgresWordRows.FindOrAddAsync(connection, WordTable.Details, events);
        var (sessions, newSessions) = await PostgresSessionRows.FindOrAddAsync(connection, events);
        var (rollups, sessionSums, lastOfSeries) = (new RollupSums(), new SessionSums(), new Dictionary<long, long>());
        await using (var rows = await ((NpgsqlConnection)connection.Inner).BeginBinaryImportAsync(Copy, connection.Cancellation))
        {
            for (var i = 0; i < events.Length; i++)
            {
                var (one, at, of, session) = (events[i], EventTime.MillisecondsOf(events[i]), series[i]!.Value, sessions[i]);
                await WriteAsync(rows, news[i].Id, one, at, [of, session, failures[i], details[i]], connection.Cancellation);
                lastOfSeries[of] = Math.Max(at, lastOfSeries.GetValueOrDefault(of));
                if (session is { } known)
                {
                    sessionSums.Add(known, at, one);
                }

                if (one.LatencyMs is not null)
                {
                    rollups.Add(of, at, one);
                }
            }

            await rows.CompleteAsync(connection.Cancellation);
        }

        await connection.ExecuteAsync(
            "UPDATE series SET last_at = GREATEST(last_at, news.at) FROM unnest(@ids, @ats) AS news (id, at) WHERE series.id = news.id",
            ("@ids", lastOfSeries.Keys.ToArray()),
            ("@ats", lastOfSeries.Values.ToArray())
        );
        await PostgresSessionRows.WriteAsync(connection, sessionSums);
        var rollupBytes = await PostgresRollupRows.WriteAsync(connection, rollups);
        await connection.ExecuteAsync(
            "UPDATE history SET events = events + @events, bytes = bytes + @bytes",
            ("@events", (long)events.Length),
            ("@bytes", events.Sum(PostgresSizes.Of) + rollupBytes + (newSessions * PostgresSizes.Session))
        );
        return events.Length;
    }

    private static async ValueTask<IReadOnlyList<HistoryEntry>> NewOfAsync(
        HistoryConnection connection,
        IReadOnlyList<HistoryEntry> entries
    )
    {
        var known = (
            await connection.QueryAsync(
                row => row.GetGuid(0),
                "SELECT id FROM events WHERE id = ANY(@ids)",
                ("@ids", entries.Select(entry => entry.Id).ToArray())
            )
        ).ToHashSet();
        return [.. entries.Where(entry => known.Add(entry.Id))];
    }

    private static async Task WriteAsync(
        NpgsqlBinaryImporter rows,
        Guid id,
        McpEvent one,
        long at,
        IReadOnlyList<long?> references,
        CancellationToken cancellationToken
    )
    {
        await rows.StartRowAsync(cancellationToken);
        await rows.WriteAsync(id, NpgsqlDbType.Uuid, cancellationToken);
        IReadOnlyList<long?> numbers =
        [
            at,
            .. references,
            RollupSums.LatencyOf(one),
            one.TimingUs?.Read,
            one.TimingUs?.Wait,
            one.TimingUs?.Upstream ?? one.UpstreamMs * 1000,
            one.TimingUs?.Rewrite,
            one.TimingUs?.Edge,
            one.TimingUs?.Hold,
            one.TimingUs?.Tunnel,
            one.BytesIn,
            one.BytesOut,
        ];
        foreach (var number in numbers)
        {
            await rows.WriteAsync(number, NpgsqlDbType.Bigint, cancellationToken);
        }

        await rows.WriteAsync(one.HttpStatus, NpgsqlDbType.Integer, cancellationToken);
        await rows.WriteAsync(one.Batch, NpgsqlDbType.Integer, cancellationToken);
        await rows.WriteAsync((short?)Outcomes.CodeOf(one.Status), NpgsqlDbType.Smallint, cancellationToken);
        await rows.WriteAsync(one.CspApplied, NpgsqlDbType.Boolean, cancellationToken);
        await rows.WriteAsync(SqlText.Storable(one.User), NpgsqlDbType.Text, cancellationToken);
        await rows.WriteAsync(SqlText.Storable(one.RequestId), NpgsqlDbType.Text, cancellationToken);
    }
}
