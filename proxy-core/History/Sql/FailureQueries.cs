using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>Puts failures together by what failed and how.</summary>
internal static class FailureQueries
{
    /// <summary>Failures that are looked at one by one, the newest first; of more, the answer says that it is not all.</summary>
    private const int MaxFailures = 50_000;

    private const int MaxGroups = 1_000;

    private const int NewestOfGroup = 5;

    public static async ValueTask<FailurePage> PageAsync(HistoryConnection connection, HistoryFilter filter, TimeSpan stepWidth)
    {
        var series = (await SumQueries.SeriesAsync(connection, new SqlFilter().AndSeries(filter))).ToDictionary(one => one.Id);
        var names = (
            await connection.QueryAsync(
                row => (Id: row.GetInt64(0), Code: row.TextOrNull(1), Message: row.TextOrNull(2)),
                "SELECT id, code, message FROM failures"
            )
        ).ToDictionary(one => one.Id);
        var where = new SqlFilter().And("status > 0").AndTime("at", filter).AndStatus(filter);
        var newestFirst = await connection.QueryAsync(
            row => (At: row.MomentOf(0), Series: row.GetInt64(1), Failure: row.NumberOrNull(2) ?? 0, Id: row.IdOf(3)),
            $"SELECT at, series, failure, id FROM events WHERE {where.Sql} ORDER BY at DESC LIMIT {MaxFailures + 1}",
            where.Parameters
        );
        var groups = new Dictionary<(string?, string?, string?, long), FailureGroup>();
        var steps = Math.Max(1, (int)Math.Ceiling((filter.To - filter.From) / stepWidth));
        foreach (var (at, of, failure, id) in newestFirst.Take(MaxFailures))
        {
            if (!series.TryGetValue(of, out var one))
            {
                continue;
            }

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
                    FirstAt = at,
                    LastAt = at,
                    Clients = new Dictionary<string, long>(StringComparer.Ordinal),
                    Timeline = new long[steps],
                    Newest = [],
                };
            }

            group.Count++;
            group.FirstAt = at;
            var client = one.Client ?? string.Empty;
            group.Clients[client] = group.Clients.TryGetValue(client, out var times) ? times + 1 : 1;
            group.Timeline[Math.Clamp((int)((at - filter.From) / stepWidth), 0, steps - 1)]++;
            if (group.Newest.Count < NewestOfGroup)
            {
                group.Newest.Add(id);
            }
        }

        return new FailurePage(
            [.. groups.Values.OrderByDescending(one => one.Count).Take(MaxGroups)],
            newestFirst.Count > MaxFailures ? MaxFailures : null
        );
    }
}
