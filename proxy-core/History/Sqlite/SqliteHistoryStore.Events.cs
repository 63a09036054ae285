using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

public sealed partial class SqliteHistoryStore
{
    /// <summary>
    /// Up to so many series are asked for one by one, which finds rare ones at once; more of them are frequent enough to be met in order of time.
    /// </summary>
    private const int FewSeries = 100;

    public ValueTask<EventPage> EventsAsync(EventQuery query, CancellationToken cancellationToken) =>
        Guarded(connection =>
        {
            var series = SeriesOf(connection, query);
            if (series is { Count: 0 })
            {
                return new EventPage([], null);
            }

            var order =
                query.After is not null ? "e.sequence"
                : query.IsOldestFirst ? "e.at, e.sequence"
                : "e.at DESC, e.sequence DESC";
            // One more tells whether there is more.
            var limit = query.Limit + 1;
            var isOneByOne =
                series is { Count: <= FewSeries }
                && query is { After: null, Session: null, SessionKey: null, Filter.Statuses.IsEmpty: true };
            var where = ConditionOf(query, isOneByOne ? null : series);
            var rows = isOneByOne
                ? $"""
                    SELECT sequence FROM ({string.Join(
                        " UNION ALL ",
                        series!.Select(id => $"SELECT * FROM (SELECT e.at, e.sequence FROM events e WHERE e.series = {id} AND {where.Sql} ORDER BY {order} LIMIT {limit})")
                    )}) e ORDER BY {order} LIMIT {limit}
                    """
                : $"SELECT e.sequence FROM events e WHERE {where.Sql} ORDER BY {order} LIMIT {limit}";
            var found = connection.Query(
                EventReader.Read,
                $"{EventReader.Select} WHERE e.sequence IN ({rows}) ORDER BY {order}",
                where.Parameters
            );
            return found.Count > query.Limit
                ? new EventPage([.. found.Take(query.Limit)], found[query.Limit - 1].Cursor)
                : new EventPage(found, null);
        });

    public ValueTask<StoredEvent?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        Guarded(connection =>
            connection
                .Query(EventReader.Read, $"{EventReader.Select} WHERE e.id = $id", ("$id", id.ToByteArray(bigEndian: true)))
                .SingleOrDefault()
        );

    public ValueTask<long> NewestAsync(CancellationToken cancellationToken) =>
        Guarded(connection => (long)connection.Scalar("SELECT COALESCE(MAX(sequence), 0) FROM events")!);

    public ValueTask<IReadOnlyList<StoredEvent>> SlowestAsync(
        HistoryFilter filter,
        ToolKey tool,
        TimeSpan least,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Guarded(connection =>
        {
            var all = filter with { Servers = tool.Server is null ? filter.Servers : [tool.Server], Tools = [tool.Tool] };
            var slow = new List<StoredEvent>();
            // The longest of each, from an index that has the time too, so that slow calls of other days cost little; whoever is slow for one client or version is asked for by itself.
            foreach (var series in SeriesIds(connection, new SqlFilter().And("type = ?", Events.EventTypes.ToolCall).AndSeries(all)))
            {
                var where = new SqlFilter()
                    .And("e.series = ? AND e.latency >= ?", series, (long)least.TotalMicroseconds)
                    .AndTime("e.at", filter)
                    .AndStatus(filter);
                slow.AddRange(
                    connection.Query(
                        EventReader.Read,
                        $"{EventReader.Select} WHERE e.sequence IN (SELECT e.sequence FROM events e INDEXED BY events_slow WHERE e.latency >= 100000 AND {where.Sql} ORDER BY e.latency DESC LIMIT {limit})",
                        where.Parameters
                    )
                );
            }

            return (IReadOnlyList<StoredEvent>)[.. slow.OrderByDescending(one => one.Latency).Take(limit)];
        });

    /// <summary>The series that the query leaves, or null for all of them.</summary>
    private static IReadOnlyList<long>? SeriesOf(SqliteConnection connection, EventQuery query)
    {
        var filter = query.Filter;
        return
            filter is { Servers.IsEmpty: true, Tools.IsEmpty: true, Clients.IsEmpty: true }
            && query is { Types.IsEmpty: true, Methods.IsEmpty: true }
            ? null
            : SeriesIds(connection, new SqlFilter().AndSeries(filter).AndIn("type", query.Types).AndIn("method", query.Methods));
    }

    private static IReadOnlyList<long> SeriesIds(SqliteConnection connection, SqlFilter filter) =>
        connection.Query(row => row.GetInt64(0), $"SELECT id FROM series WHERE {filter.Sql}", filter.Parameters);

    private static SqlFilter ConditionOf(EventQuery query, IReadOnlyList<long>? series)
    {
        var where = new SqlFilter();
        if (query.After is { } after)
        {
            where.And("e.sequence > ?", after);
        }
        else
        {
            where.AndTime("e.at", query.Filter);
        }

        if (query.Cursor is { } cursor)
        {
            var beyond = query.IsOldestFirst ? ">" : "<";
            where.And($"e.at {beyond}= ? AND (e.at, e.sequence) {beyond} (?, ?)", cursor.At, cursor.At, cursor.Sequence);
        }

        if (series is not null)
        {
            // The names of callers could be more than a statement takes parameters.
            where.And($"e.series IN ({string.Join(", ", series)})");
        }

        if (query.Session is { } session)
        {
            where.And("e.session = ?", session);
        }

        if (query.SessionKey is { } key)
        {
            where.And("e.session IN (SELECT id FROM sessions WHERE key = ?)", key);
        }

        if (!query.Filter.Statuses.IsEmpty)
        {
            where.AndStatus(query.Filter);
            if (!query.Filter.Statuses.Contains(Outcomes.Ok, StringComparer.Ordinal))
            {
                // Said once more, so that the index of failures is used.
                where.And("e.status > 0");
            }
        }

        if (query.AtLeast is { } least)
        {
            where.And("e.latency >= ?", (long)least.TotalMicroseconds);
        }

        if (query.Text is { Length: > 0 } text)
        {
            var like =
                $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
            where.And(
                """
                (e.series IN (SELECT id FROM series WHERE tool LIKE ? ESCAPE '\' OR method LIKE ? ESCAPE '\')
                 OR e.failure IN (SELECT id FROM failures WHERE code = ? OR message LIKE ? ESCAPE '\')
                 OR e.detail IN (SELECT id FROM details WHERE path LIKE ? ESCAPE '\' OR widget LIKE ? ESCAPE '\' OR blocked_uri LIKE ? ESCAPE '\')
                 OR e.request_id = ?)
                """,
                like,
                like,
                text,
                like,
                like,
                like,
                like,
                text
            );
        }

        return where;
    }
}
