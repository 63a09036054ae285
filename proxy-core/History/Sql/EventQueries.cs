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

    /// <summary>Up to so many slow events are put in order of time; of more, enough are soon met in that order.</summary>
    private const int FewSlow = 50_000;

    /// <summary>The condition of the index <c>events_slow</c>: what took <see cref="HistoryReports.SlowFloor"/>.</summary>
    public const string Slow = "e.latency >= 100000";

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
        var end = $"ORDER BY {order} LIMIT {query.Limit + 1}";
        var (rows, where) =
            search is null && await SlowRowsAsync(connection, query, series, end) is { } slow ? slow : Rows(query, series, search, end);
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

    /// <returns>A statement for the places of the events, or null where durations do not make them few.</returns>
    private static async ValueTask<(string Rows, SqlFilter Where)?> SlowRowsAsync(
        HistoryConnection connection,
        EventQuery query,
        IReadOnlyList<long>? series,
        string end
    )
    {
        if (query is not { After: null, Session: null, SessionKey: null, AtLeast: { } least } || least < HistoryReports.SlowFloor)
        {
            return null;
        }

        var where = AndSeries(ConditionOf(query), series);
        var dialect = connection.Dialect;
        var slow = $"FROM series s {dialect.InOrder} {dialect.SlowEvents} ON e.series = s.id WHERE {Slow} AND {where.Sql}";
        var count = await connection.ScalarAsync($"SELECT COUNT(*) FROM (SELECT 1 {slow} LIMIT {FewSlow + 1}) few", where.Parameters);
        return (long)count! <= FewSlow ? ($"SELECT e.sequence {slow} {end}", where) : null;
    }

    private static (string Rows, SqlFilter Where) Rows(EventQuery query, IReadOnlyList<long>? series, TextSearch? search, string end)
    {
        var (ways, where) = Plan(query, series, search);
        if (ways.Count == 0)
        {
            return ($"SELECT e.sequence FROM events e WHERE {where.Sql} {end}", where);
        }

        var found = ways.Select(way => $"SELECT * FROM (SELECT e.at, e.sequence FROM events e WHERE {way} AND {where.Sql} {end}) one");
        return ($"SELECT sequence FROM ({string.Join(" UNION ", found)}) e {end}", where);
    }

    /// <returns>Conditions of which each finds a part of the events by an index, none for looking through all in order; and what counts for all of them.</returns>
    private static (IReadOnlyList<string> Ways, SqlFilter Where) Plan(EventQuery query, IReadOnlyList<long>? series, TextSearch? search)
    {
        var where = ConditionOf(query);
        // These have indexes of their own.
        var isNarrow = query is not { After: null, Session: null, SessionKey: null };
        if (search is not null)
        {
            if (!isNarrow && (IsOfFailures(query) || search.Series.Count <= FewSeries))
            {
                return (search.WaysFor(where, IsOfFailures(query)), AndSeries(where, series));
            }

            search.AddTo(where);
        }
        else if (!isNarrow && query.Filter.Statuses.IsEmpty && series is { Count: <= FewSeries })
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

    private static bool IsOfFailures(EventQuery query) =>
        !query.Filter.Statuses.IsEmpty && !query.Filter.Statuses.Contains(Outcomes.Ok, StringComparer.Ordinal);

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
            if (IsOfFailures(query))
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
