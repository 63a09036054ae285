using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>Puts failures together by what failed and how. All but what is shown of them is in the index <c>events_by_failure</c>.</summary>
internal static class FailureQueries
{
    /// <summary>Failures that are looked at one by one, the newest first; of more, the answer says that it is not all.</summary>
    private const int MaxFailures = 50_000;

    private const int MaxGroups = 1_000;

    private const int NewestOfGroup = 5;

    public static async ValueTask<FailurePage> PageAsync(HistoryConnection connection, HistoryFilter filter, TimeSpan stepWidth, int limit)
    {
        var series = (await SumQueries.SeriesAsync(connection, new SqlFilter().AndSeries(filter))).ToDictionary(one => one.Id);
        var steps = Math.Max(1, (int)Math.Ceiling((filter.To - filter.From) / stepWidth));
        var where = new SqlFilter().And("status > 0").AndTime("at", filter).AndStatus(filter);
        var (groups, bySeries) = (new Dictionary<(string?, string?, string?, long), Found>(), new Dictionary<(long, long), Found>());
        var seen = 0;
        await connection.ReadAsync(
            row =>
            {
                if (++seen > MaxFailures || !series.TryGetValue(row.GetInt64(1), out var one))
                {
                    return;
                }

                var (at, failure) = (row.MomentOf(0), row.NumberOrNull(2) ?? 0);
                if (!bySeries.TryGetValue((one.Id, failure), out var group))
                {
                    var place = (one.Server, one.Method, one.Tool, failure);
                    group = groups.TryGetValue(place, out var known) ? known : groups[place] = new Found(one, failure, at, steps);
                    bySeries[(one.Id, failure)] = group;
                }

                group.Add(one, at, Math.Clamp((int)((at - filter.From) / stepWidth), 0, steps - 1), row.GetInt64(3));
            },
            $"SELECT at, series, failure, sequence FROM events WHERE {where.Sql} ORDER BY at DESC LIMIT {MaxFailures + 1}",
            where.Parameters
        );
        Found[] shown = [.. groups.Values.OrderByDescending(one => one.Count).Take(Math.Min(limit, MaxGroups))];
        var names = await NamesAsync(connection);
        var ids = await IdsAsync(connection, [.. shown.SelectMany(one => one.Newest)]);
        return new FailurePage([.. shown.Select(one => one.GroupOf(names, ids))], seen > MaxFailures ? MaxFailures : null);
    }

    private static async ValueTask<Dictionary<long, (string? Code, string? Message)>> NamesAsync(HistoryConnection connection) =>
        (
            await connection.QueryAsync(
                row => (Id: row.GetInt64(0), Code: row.TextOrNull(1), Message: row.TextOrNull(2)),
                "SELECT id, code, message FROM failures"
            )
        ).ToDictionary(one => one.Id, one => (one.Code, one.Message));

    private static async ValueTask<Dictionary<long, Guid>> IdsAsync(HistoryConnection connection, IReadOnlyCollection<long> sequences) =>
        (
            await connection.QueryAsync(
                row => (Sequence: row.GetInt64(0), Id: row.IdOf(1)),
                $"SELECT sequence, id FROM events WHERE {SqlFilter.OneOf("sequence", sequences)}"
            )
        ).ToDictionary(one => one.Sequence, one => one.Id);

    /// <summary>A group while failures are looked at, the newest first.</summary>
    private sealed class Found(Series first, long failure, DateTimeOffset lastAt, int steps)
    {
        private readonly Dictionary<string, long> _clients = new(StringComparer.Ordinal);
        private readonly long[] _timeline = new long[steps];
        private readonly List<long> _newest = [];
        private DateTimeOffset _firstAt;

        public long Count { get; private set; }

        public IReadOnlyList<long> Newest => _newest;

        public void Add(Series one, DateTimeOffset at, int step, long sequence)
        {
            Count++;
            _firstAt = at;
            var client = one.Client ?? string.Empty;
            _clients[client] = _clients.GetValueOrDefault(client) + 1;
            _timeline[step]++;
            if (_newest.Count < NewestOfGroup)
            {
                _newest.Add(sequence);
            }
        }

        public FailureGroup GroupOf(Dictionary<long, (string? Code, string? Message)> names, Dictionary<long, Guid> ids)
        {
            var (code, message) = names.GetValueOrDefault(failure);
            return new FailureGroup
            {
                Server = first.Server,
                Method = first.Method,
                Tool = first.Tool,
                Code = code,
                Message = message,
                Count = Count,
                FirstAt = _firstAt,
                LastAt = lastAt,
                Clients = _clients,
                Timeline = _timeline,
                // One that is gone meanwhile is not told of.
                Newest = [.. _newest.Where(ids.ContainsKey).Select(sequence => ids[sequence])],
            };
        }
    }
}
