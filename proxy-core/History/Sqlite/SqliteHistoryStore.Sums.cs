using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

public sealed partial class SqliteHistoryStore
{
    /// <summary>Failures that are looked at one by one, the newest first; of more, the answer says that it is not all.</summary>
    private const int MaxFailures = 50_000;

    private const int MaxGroups = 1_000;

    private const int NewestOfGroup = 5;

    public ValueTask<IReadOnlyList<Series>> SeriesAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        Guarded(connection =>
            ReadSeries(connection, new SqlFilter().AndSeries(filter).And("last_at >= ?", filter.From.ToUnixTimeMilliseconds()))
        );

    public ValueTask<IReadOnlyList<Rollup>> RollupsAsync(HistoryFilter filter, int widthSeconds, CancellationToken cancellationToken) =>
        Guarded(connection =>
        {
            var series = ReadSeries(connection, new SqlFilter().AndSeries(filter)).ToDictionary(one => one.Id);
            var where = new SqlFilter().And("width = ?", widthSeconds).AndTime("at", filter);
            // Few enough that reading all and leaving some is cheaper than asking for each.
            return (IReadOnlyList<Rollup>)
                [
                    .. connection
                        .Query(
                            row => series.TryGetValue(row.GetInt64(1), out var one) ? RollupOf(row, one) : null,
                            $"SELECT at, series, count, errors, tool_errors, longest, bytes_in, bytes_out, histogram FROM rollups WHERE {where.Sql}",
                            where.Parameters
                        )
                        .OfType<Rollup>(),
                ];
        });

    public ValueTask<FailurePage> FailuresAsync(HistoryFilter filter, TimeSpan stepWidth, CancellationToken cancellationToken) =>
        Guarded(connection =>
        {
            var series = ReadSeries(connection, new SqlFilter().AndSeries(filter)).ToDictionary(one => one.Id);
            var names = connection
                .Query(
                    row => (Id: row.GetInt64(0), Code: TextOf(row, 1), Message: TextOf(row, 2)),
                    "SELECT id, code, message FROM failures"
                )
                .ToDictionary(one => one.Id);
            var where = new SqlFilter().And("status > 0").AndTime("at", filter).AndStatus(filter);
            var groups = new Dictionary<(string?, string?, string?, long), FailureGroup>();
            var seen = 0;
            var steps = Math.Max(1, (int)Math.Ceiling((filter.To - filter.From) / stepWidth));
            foreach (
                var (at, of, failure, id) in connection.Query(
                    row => (At: row.GetInt64(0), Series: row.GetInt64(1), Failure: row.Int64OrNull(2) ?? 0, Id: (byte[])row.GetValue(3)),
                    $"SELECT at, series, failure, id FROM events WHERE {where.Sql} ORDER BY at DESC LIMIT {MaxFailures + 1}",
                    where.Parameters
                )
            )
            {
                if (++seen > MaxFailures)
                {
                    break;
                }

                if (!series.TryGetValue(of, out var one))
                {
                    continue;
                }

                var time = DateTimeOffset.FromUnixTimeMilliseconds(at);
                var place = (one.Server, one.Method, one.Tool, failure);
                if (!groups.TryGetValue(place, out var group))
                {
                    var (_, code, message) = names.GetValueOrDefault(failure);
                    groups[place] = group = new FailureGroup
                    {
                        Server = one.Server,
                        Method = one.Method,
                        Tool = one.Tool,
                        Code = code,
                        Message = message,
                        FirstAt = time,
                        LastAt = time,
                        Clients = new Dictionary<string, long>(StringComparer.Ordinal),
                        Timeline = new long[steps],
                        Newest = [],
                    };
                }

                group.Count++;
                group.FirstAt = time;
                var client = one.Client ?? string.Empty;
                group.Clients[client] = group.Clients.TryGetValue(client, out var times) ? times + 1 : 1;
                group.Timeline[Math.Clamp((int)((time - filter.From) / stepWidth), 0, steps - 1)]++;
                if (group.Newest.Count < NewestOfGroup)
                {
                    group.Newest.Add(new Guid(id, bigEndian: true));
                }
            }

            return new FailurePage(
                [.. groups.Values.OrderByDescending(one => one.Count).Take(MaxGroups)],
                seen > MaxFailures ? MaxFailures : null
            );
        });

    public ValueTask<IReadOnlyList<StoredSession>> SessionsAsync(HistoryFilter filter, int limit, CancellationToken cancellationToken) =>
        Guarded(connection => ReadSessions(connection, SessionsIn(filter), limit));

    public ValueTask<StoredSession?> SessionAsync(long id, CancellationToken cancellationToken) =>
        Guarded(connection => ReadSessions(connection, new SqlFilter().And("id = ?", id), 1).SingleOrDefault());

    public ValueTask<long> CountSessionsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        Guarded(connection =>
        {
            var where = SessionsIn(filter);
            return (long)connection.Scalar($"SELECT COUNT(*) FROM sessions WHERE {where.Sql}", where.Parameters)!;
        });

    public ValueTask<IReadOnlyList<StoredViolation>> ViolationsAsync(
        HistoryFilter filter,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Guarded(connection =>
        {
            var where = new SqlFilter().And("directive <> '' AND detail IS NOT NULL").AndTime("at", filter);
            return connection.Query(
                row => new StoredViolation(
                    TextOf(row, 0),
                    TextOf(row, 1),
                    TextOf(row, 2),
                    TextOf(row, 3),
                    row.GetInt64(4),
                    row.Time(5),
                    row.Time(6)
                ),
                $"""
                SELECT widget, directive, blocked_uri, fix, COUNT(*), MIN(at), MAX(at) FROM details CROSS JOIN events ON events.detail = details.id
                WHERE {where.Sql} GROUP BY details.id ORDER BY COUNT(*) DESC LIMIT {limit}
                """,
                where.Parameters
            );
        });

    public ValueTask<IReadOnlyList<ToolVersion>> ToolVersionsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        Guarded(connection => ToolTable.Read(connection, filter));

    private static SqlFilter SessionsIn(HistoryFilter filter) =>
        new SqlFilter()
            .And("last_at >= ? AND started_at < ?", filter.From.ToUnixTimeMilliseconds(), filter.To.ToUnixTimeMilliseconds())
            .AndIn("server", filter.Servers)
            .AndIn("client", filter.Clients);

    private static IReadOnlyList<StoredSession> ReadSessions(SqliteConnection connection, SqlFilter where, int limit) =>
        connection.Query(
            row => new StoredSession
            {
                Id = row.GetInt64(0),
                Key = row.GetString(1),
                Server = TextOf(row, 2),
                User = TextOf(row, 3),
                Client = TextOf(row, 4),
                ClientVersion = TextOf(row, 5),
                ProtocolVersion = TextOf(row, 6),
                StartedAt = row.Time(7),
                LastAt = row.Time(8),
                EndedAt = row.TimeOrNull(9),
                EndReason = row.IsDBNull(10) ? null : row.GetString(10),
                Requests = row.GetInt64(11),
                Calls = row.GetInt64(12),
                Errors = row.GetInt64(13),
            },
            $"""
            SELECT id, key, server, user, client, client_version, protocol_version, started_at, last_at, ended_at, end_reason, requests, calls, errors
            FROM sessions WHERE {where.Sql} ORDER BY last_at DESC LIMIT {limit}
            """,
            where.Parameters
        );

    private static IReadOnlyList<Series> ReadSeries(SqliteConnection connection, SqlFilter where) =>
        connection.Query(
            row => new Series
            {
                Id = row.GetInt64(0),
                Server = TextOf(row, 1),
                Type = row.GetString(2),
                Method = TextOf(row, 3),
                Tool = TextOf(row, 4),
                Client = TextOf(row, 5),
                ClientVersion = TextOf(row, 6),
                ProtocolVersion = TextOf(row, 7),
                Upstream = TextOf(row, 8),
                LastAt = row.Time(9),
            },
            $"SELECT id, server, type, method, tool, client, client_version, protocol_version, upstream, last_at FROM series WHERE {where.Sql}",
            where.Parameters
        );

    private static Rollup RollupOf(SqliteDataReader row, Series series) =>
        new()
        {
            Series = series,
            At = row.Time(0),
            Count = row.GetInt64(2),
            Errors = row.GetInt64(3),
            ToolErrors = row.GetInt64(4),
            Longest = TimeSpan.FromMicroseconds(row.GetInt64(5)),
            BytesIn = row.GetInt64(6),
            BytesOut = row.GetInt64(7),
            Histogram = (byte[])row.GetValue(8),
        };

    private static string? TextOf(SqliteDataReader row, int column) =>
        row.IsDBNull(column) || row.GetString(column) is not { Length: > 0 } text ? null : text;
}
