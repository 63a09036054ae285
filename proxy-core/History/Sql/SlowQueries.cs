using System.Globalization;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>Finds the slowest calls, by an index of all that could be slow; only what is shown is read.</summary>
internal static class SlowQueries
{
    /// <summary>Series that one statement asks for, each by itself.</summary>
    private const int SeriesAtOnce = 100;

    public static async ValueTask<IReadOnlyList<SlowCall>> SlowestAsync(
        HistoryConnection connection,
        HistoryFilter filter,
        IReadOnlyList<SlowTool> tools,
        int limit,
        bool byDuration
    )
    {
        var usual = tools.ToDictionary(tool => tool.Tool, tool => tool.Usual);
        var series = await SeriesOfAsync(connection, filter, usual);
        var where = new SqlFilter().AndTime("e.at", filter).AndStatus(filter);
        List<(long Sequence, double Rank, TimeSpan Usual)> found = [];
        foreach (var some in series.Chunk(SeriesAtOnce))
        {
            var usualOf = some.ToDictionary(one => one.Id, one => one.Usual);
            found.AddRange(
                await connection.QueryAsync(
                    row => (row.GetInt64(0), row.GetDouble(2), usualOf[row.GetInt64(1)]),
                    $"SELECT sequence, series, rank FROM {Slowest(some)} ORDER BY rank DESC LIMIT {limit}",
                    where.Parameters
                )
            );
        }

        var shown = found.OrderByDescending(one => one.Rank).Take(limit).ToDictionary(one => one.Sequence);
        var events = await connection.QueryAsync(
            EventReader.Read,
            $"{EventReader.Select} WHERE {SqlFilter.OneOf("e.sequence", shown.Keys)}"
        );
        return [.. events.OrderByDescending(one => shown[one.Sequence].Rank).Select(one => new SlowCall(one, shown[one.Sequence].Usual))];

        // The slowest of each series, which the index has side by side.
        string Slowest(IEnumerable<(long Id, TimeSpan Usual)> some)
        {
            if (connection.Dialect.HasLateral)
            {
                var asked = some.Select(one =>
                    string.Create(CultureInfo.InvariantCulture, $"({one.Id}, {LeastOf(one.Usual)}, {UnitOf(one.Usual)})")
                );
                return $"(VALUES {string.Join(", ", asked)}) s (id, least, unit) CROSS JOIN LATERAL ({OfSeries("s.id", "s.least", "s.unit")}) one";
            }

            var each = some.Select(one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"SELECT * FROM ({OfSeries($"{one.Id}", $"{LeastOf(one.Usual)}", UnitOf(one.Usual))}) one"
                )
            );
            return $"({string.Join(" UNION ALL ", each)}) s";
        }

        string OfSeries(string id, string least, string unit) =>
            $"""
                SELECT e.sequence, e.series, CAST(e.latency AS DOUBLE PRECISION) / {unit} AS rank FROM {connection.Dialect.SlowEvents}
                WHERE {EventQueries.Slow} AND e.series = {id} AND e.latency >= {least} AND {where.Sql} ORDER BY e.latency DESC LIMIT {limit}
                """;

        string UnitOf(TimeSpan usual) => string.Create(CultureInfo.InvariantCulture, $"{(byDuration ? 1 : usual.TotalMicroseconds):F3}");
    }

    private static long LeastOf(TimeSpan usual) => (long)HistoryReports.LeastSlow(usual).TotalMicroseconds;

    private static async ValueTask<IReadOnlyList<(long Id, TimeSpan Usual)>> SeriesOfAsync(
        HistoryConnection connection,
        HistoryFilter filter,
        Dictionary<ToolKey, TimeSpan> usual
    )
    {
        var calls = new SqlFilter().And("type = ?", EventTypes.ToolCall).AndSeries(filter);
        var series = await connection.QueryAsync(
            row => (Id: row.GetInt64(0), Tool: new ToolKey(row.TextOrNull(1), row.GetString(2))),
            $"SELECT id, server, tool FROM series WHERE {calls.Sql}",
            calls.Parameters
        );
        return [.. series.Where(one => usual.ContainsKey(one.Tool)).Select(one => (one.Id, usual[one.Tool]))];
    }
}
