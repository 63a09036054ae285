namespace Tunnel.ProxyCore.History.Sql;

/// <summary>What events may refer to that has a text in it. Events have no text but the request id; so no search goes through all of them.</summary>
/// <param name="Text">What is looked for.</param>
/// <param name="Series">Series with it in their tool or method.</param>
/// <param name="Failures">Failures with it in their message, or as their code.</param>
/// <param name="Details">Details with it in their path, widget or address.</param>
internal sealed record TextSearch(string Text, IReadOnlyList<long> Series, IReadOnlyList<long> Failures, IReadOnlyList<long> Details)
{
    /// <summary>Up to so many details are asked for one by one.</summary>
    private const int FewDetails = 100;

    /// <param name="connection">The database.</param>
    /// <param name="text">A part of a text, or a whole code or request id.</param>
    /// <param name="series">Those that count; null for all.</param>
    public static async ValueTask<TextSearch> FindAsync(HistoryConnection connection, string text, IReadOnlyList<long>? series)
    {
        var pattern = SqlText.PatternOf(text);
        var found = await IdsAsync("series", Matching("tool", "method"));
        return new TextSearch(
            text,
            series is null ? found : [.. found.Intersect(series)],
            await IdsAsync("failures", Matching("message") + " OR code = @text"),
            await IdsAsync("details", Matching("path", "widget", "blocked_uri"))
        );

        string Matching(params string[] columns) =>
            string.Join(" OR ", columns.Select(column => $@"{column} {connection.Dialect.Like} @pattern ESCAPE '\'"));

        ValueTask<IReadOnlyList<long>> IdsAsync(string table, string condition) =>
            connection.QueryAsync(
                row => row.GetInt64(0),
                $"SELECT id FROM {table} WHERE {condition}",
                condition.Contains("@text", StringComparison.Ordinal) ? [("@pattern", pattern), ("@text", text)] : [("@pattern", pattern)]
            );
    }

    /// <returns>A condition for each index that finds some of the events; an event may be found by several.</returns>
    /// <param name="where">Gets the parameters.</param>
    /// <param name="isOfFailures">Whether only failures count, all of which an index has in order of time.</param>
    public IReadOnlyList<string> WaysFor(SqlFilter where, bool isOfFailures)
    {
        List<string> ways = [$"e.request_id = {where.Parameter(Text)}"];
        if (isOfFailures)
        {
            ways.Add($"e.status > 0 AND ({SqlFilter.OneOf("e.series", Series)} OR {SqlFilter.OneOf("e.failure", Failures)})");
        }
        else
        {
            ways.AddRange(Series.Select(id => $"e.series = {id}"));
            if (Failures.Count > 0)
            {
                ways.Add($"e.status > 0 AND {SqlFilter.OneOf("e.failure", Failures)}");
            }
        }

        ways.AddRange(
            Details.Count <= FewDetails
                ? Details.Select(id => $"e.detail = {id}")
                : [$"e.detail IS NOT NULL AND {SqlFilter.OneOf("e.detail", Details)}"]
        );
        return ways;
    }

    /// <summary>As a condition of events that something else finds.</summary>
    public void AddTo(SqlFilter where) =>
        where.And(
            $"({SqlFilter.OneOf("e.series", Series)} OR {SqlFilter.OneOf("e.failure", Failures)} OR {SqlFilter.OneOf("e.detail", Details)} OR e.request_id = ?)",
            Text
        );
}
