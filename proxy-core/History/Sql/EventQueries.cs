using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>Finds events, by indexes wherever what is asked for could be rare.</summary>
internal static class EventQueries
{
    /// <summary>
    /// Up to so many series are asked for one by one, which finds rare ones at once; more of them are frequent enough to be met in order of time.
    /// </summary>
    private const int FewSeries = 100;

    /// <summary>The condition of the index <c>events_slow</c>: what took <see cref="HistoryReports.SlowFloor"/>.</summary>
    private const string Slow = "e.latency >= 100000";

    public static async ValueTask<EventPage> PageAsync(HistoryConnection connection, EventQuery query)
    {
        var series = await SeriesOfAsync(connection, query);
        if (series is { Count: 0 })
        {
            return new EventPage([], null);
        }

        var search = query.Text is { Length: > 0 } text ? await TextSearch.FindAsync(connection, text, series) : null;
        var order =
            query.After is not null ? "e.sequence"
            : query.IsOldestFirst ? "e.at, e.sequence"
            : "e.at DESC, e.sequence DESC";
        // One more tells whether there is more.
        var limit = query.Limit + 1;
        var (ways, where) = Plan(query, series, search);
        var rows =
            ways.Count == 0
                ? $"SELECT e.sequence FROM events e WHERE {where.Sql} ORDER BY {order} LIMIT {limit}"
                : $"""
                    SELECT sequence FROM ({string.Join(
                        " UNION ",
                        ways.Select(way => $"SELECT * FROM (SELECT e.at, e.sequence FROM events e WHERE {way} AND {where.Sql} ORDER BY {order} LIMIT {limit}) one")
                    )}) e ORDER BY {order} LIMIT {limit}
                    """;
        var found = await connection.QueryAsync(
            EventReader.Read,
            $"{EventReader.Select} WHERE e.sequence IN ({rows}) ORDER BY {order}",
            where.Parameters
        );
        return found.Count > query.Limit
            ? new EventPage([.. found.Take(query.Limit)], found[query.Limit - 1].Cursor)
            : new EventPage(found, null);
    }

    public static async ValueTask<StoredEvent?> FindAsync(HistoryConnection connection, object id) =>
        (await connection.QueryAsync(EventReader.Read, $"{EventReader.Select} WHERE e.id = @id", ("@id", id))).SingleOrDefault();

    public static async ValueTask<long> NewestAsync(HistoryConnection connection) =>
        (long)(await connection.ScalarAsync("SELECT COALESCE(MAX(sequence), 0) FROM events"))!;

    public static async ValueTask<IReadOnlyList<StoredEvent>> SlowestAsync(
        HistoryConnection connection,
        HistoryFilter filter,
        ToolKey tool,
        TimeSpan least,
        int limit
    )
    {
        var all = filter with { Servers = tool.Server is null ? filter.Servers : [tool.Server], Tools = [tool.Tool] };
        var series = await SeriesIdsAsync(connection, new SqlFilter().And("type = ?", EventTypes.ToolCall).AndSeries(all));
        var where = new SqlFilter().And("e.latency >= ?", (long)least.TotalMicroseconds).AndTime("e.at", filter).AndStatus(filter);
        List<StoredEvent> slow = [];
        // The longest of each, from an index that has the time too, so that slow calls of other days cost little.
        foreach (var some in series.Chunk(FewSeries))
        {
            var longest = some.Select(id =>
                $"SELECT * FROM (SELECT e.latency, e.sequence FROM {connection.Dialect.SlowEvents} WHERE {Slow} AND e.series = {id} AND {where.Sql} ORDER BY e.latency DESC LIMIT {limit}) one"
            );
            slow.AddRange(
                await connection.QueryAsync(
                    EventReader.Read,
                    $"{EventReader.Select} WHERE e.sequence IN (SELECT sequence FROM ({string.Join(" UNION ALL ", longest)}) l ORDER BY latency DESC LIMIT {limit})",
                    where.Parameters
                )
            );
        }

        return [.. slow.OrderByDescending(one => one.Latency).Take(limit)];
    }

    /// <returns>Conditions of which each finds a part of the events by an index, none for looking through all in order; and what counts for all of them.</returns>
    private static (IReadOnlyList<string> Ways, SqlFilter Where) Plan(EventQuery query, IReadOnlyList<long>? series, TextSearch? search)
    {
        var where = ConditionOf(query);
        // These have indexes of their own.
        var isNarrow = query is not { After: null, Session: null, SessionKey: null, Filter.Statuses.IsEmpty: true };
        if (search is not null)
        {
            if (!isNarrow && search.Series.Count <= FewSeries)
            {
                return (search.WaysFor(where), AndSeries(where, series));
            }

            search.AddTo(where);
        }
        else if (!isNarrow && series is { Count: <= FewSeries })
        {
            return ([.. series.Select(id => $"e.series = {id}")], where);
        }

        return ([], AndSeries(where, series));
    }

    /// <summary>The series that the query leaves, or null for all of them.</summary>
    private static async ValueTask<IReadOnlyList<long>?> SeriesOfAsync(HistoryConnection connection, EventQuery query)
    {
        var filter = query.Filter;
        return
            filter is { Servers.IsEmpty: true, Tools.IsEmpty: true, Clients.IsEmpty: true }
            && query is { Types.IsEmpty: true, Methods.IsEmpty: true }
            ? null
            : await SeriesIdsAsync(connection, new SqlFilter().AndSeries(filter).AndIn("type", query.Types).AndIn("method", query.Methods));
    }

    private static ValueTask<IReadOnlyList<long>> SeriesIdsAsync(HistoryConnection connection, SqlFilter filter) =>
        connection.QueryAsync(row => row.GetInt64(0), $"SELECT id FROM series WHERE {filter.Sql}", filter.Parameters);

    private static SqlFilter AndSeries(SqlFilter where, IReadOnlyList<long>? series) =>
        series is null ? where : where.And(SqlFilter.OneOf("e.series", series));

    private static SqlFilter ConditionOf(EventQuery query)
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

        return where;
    }
}
