using System.Data.Common;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>What is known of events together: series, sums, sessions and violations.</summary>
internal static class SumQueries
{
    public static ValueTask<IReadOnlyList<Series>> SeriesSinceAsync(HistoryConnection connection, HistoryFilter filter) =>
        SeriesAsync(connection, new SqlFilter().AndSeries(filter).And("last_at >= ?", filter.From.ToUnixTimeMilliseconds()));

    public static ValueTask<IReadOnlyList<Series>> SeriesAsync(HistoryConnection connection, SqlFilter where) =>
        connection.QueryAsync(
            row => new Series
            {
                Id = row.GetInt64(0),
                Server = row.TextOrNull(1),
                Type = row.GetString(2),
                Method = row.TextOrNull(3),
                Tool = row.TextOrNull(4),
                Client = row.TextOrNull(5),
                ClientVersion = row.TextOrNull(6),
                ProtocolVersion = row.TextOrNull(7),
                Upstream = row.TextOrNull(8),
                LastAt = row.MomentOf(9),
            },
            $"SELECT id, server, type, method, tool, client, client_version, protocol_version, upstream, last_at FROM series WHERE {where.Sql}",
            where.Parameters
        );

    public static async ValueTask<long> ReadRollupsAsync(
        HistoryConnection connection,
        HistoryFilter filter,
        int widthSeconds,
        RollupReader read
    )
    {
        var series = (await SeriesAsync(connection, new SqlFilter().AndSeries(filter))).ToDictionary(one => one.Id);
        var where = new SqlFilter().And("width = ?", widthSeconds).AndTime("at", filter);
        var count = 0L;
        // Few enough that reading all and leaving some is cheaper than asking for each.
        await connection.ReadAsync(
            row =>
            {
                if (series.TryGetValue(row.GetInt64(1), out var one))
                {
                    read(RollupOf(row, one));
                    count++;
                }
            },
            $"SELECT at, series, count, errors, tool_errors, longest, bytes_in, bytes_out, histogram FROM rollups WHERE {where.Sql}",
            where.Parameters
        );
        return count;
    }

    public static ValueTask<IReadOnlyList<StoredSession>> SessionsAsync(HistoryConnection connection, SqlFilter where, int limit) =>
        connection.QueryAsync(
            row => new StoredSession
            {
                Id = row.GetInt64(0),
                Key = row.GetString(1),
                Server = row.TextOrNull(2),
                User = row.TextOrNull(3),
                Client = row.TextOrNull(4),
                ClientVersion = row.TextOrNull(5),
                ProtocolVersion = row.TextOrNull(6),
                StartedAt = row.MomentOf(7),
                LastAt = row.MomentOf(8),
                EndedAt = row.MomentOrNull(9),
                EndReason = row.TextOrNull(10),
                Requests = row.GetInt64(11),
                Calls = row.GetInt64(12),
                Errors = row.GetInt64(13),
            },
            $"""
            SELECT id, key, server, "user", client, client_version, protocol_version, started_at, last_at, ended_at, end_reason, requests, calls, errors
            FROM sessions WHERE {where.Sql} ORDER BY last_at DESC LIMIT {limit}
            """,
            where.Parameters
        );

    public static async ValueTask<long> CountSessionsAsync(HistoryConnection connection, HistoryFilter filter)
    {
        var where = SessionsIn(filter);
        return (long)(await connection.ScalarAsync($"SELECT COUNT(*) FROM sessions WHERE {where.Sql}", where.Parameters))!;
    }

    public static async ValueTask<IReadOnlyDictionary<string, long>> CountSessionsByClientAsync(
        HistoryConnection connection,
        HistoryFilter filter
    )
    {
        var where = SessionsIn(filter);
        var counts = await connection.QueryAsync(
            row => (Client: row.GetString(0), Count: row.GetInt64(1)),
            $"SELECT client, COUNT(*) FROM sessions WHERE {where.Sql} GROUP BY client",
            where.Parameters
        );
        return counts.ToDictionary(one => one.Client, one => one.Count, StringComparer.Ordinal);
    }

    public static SqlFilter SessionsIn(HistoryFilter filter) =>
        new SqlFilter()
            .And("last_at >= ? AND started_at < ?", filter.From.ToUnixTimeMilliseconds(), filter.To.ToUnixTimeMilliseconds())
            .AndIn("server", filter.Servers)
            .AndIn("client", filter.Clients);

    public static ValueTask<IReadOnlyList<StoredViolation>> ViolationsAsync(HistoryConnection connection, HistoryFilter filter, int limit)
    {
        var where = new SqlFilter().And("directive <> '' AND detail IS NOT NULL").AndTime("at", filter);
        return connection.QueryAsync(
            row => new StoredViolation(
                row.TextOrNull(0),
                row.TextOrNull(1),
                row.TextOrNull(2),
                row.TextOrNull(3),
                row.GetInt64(4),
                row.MomentOf(5),
                row.MomentOf(6)
            ),
            $"""
            SELECT widget, directive, blocked_uri, fix, COUNT(*), MIN(at), MAX(at)
            FROM details {connection.Dialect.InOrder} events ON events.detail = details.id
            WHERE {where.Sql} GROUP BY details.id ORDER BY COUNT(*) DESC LIMIT {limit}
            """,
            where.Parameters
        );
    }

    public static async ValueTask<HistoryGaps> GapsAsync(HistoryConnection connection, HistoryFilter filter)
    {
        var during = new SqlFilter().AndTime("at", filter);
        var pruned = await connection.QueryAsync(
            row => (Reason: row.GetString(0), Before: row.MomentOf(1)),
            "SELECT reason, before FROM pruned WHERE before > @from ORDER BY before DESC LIMIT 1",
            ("@from", filter.From.ToUnixTimeMilliseconds())
        );
        return new HistoryGaps(
            pruned.Count == 0 ? null : pruned[0].Before,
            pruned.Count == 0 ? null : pruned[0].Reason,
            (long)(await connection.ScalarAsync($"SELECT {connection.Dialect.Lost} FROM losses WHERE {during.Sql}", during.Parameters))!
        );
    }

    private static Rollup RollupOf(DbDataReader row, Series series) =>
        new()
        {
            Series = series,
            At = row.MomentOf(0),
            Count = row.GetInt64(2),
            Errors = row.GetInt64(3),
            ToolErrors = row.GetInt64(4),
            Longest = TimeSpan.FromMicroseconds(row.GetInt64(5)),
            BytesIn = row.GetInt64(6),
            BytesOut = row.GetInt64(7),
            Histogram = row.GetFieldValue<byte[]>(8),
        };
}
