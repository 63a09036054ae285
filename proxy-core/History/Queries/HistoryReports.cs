using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.History.Queries;

/// <summary>What people ask of a history, made from what any store can tell.</summary>
public sealed class HistoryReports(IHistoryStore store)
{
    /// <summary>In how many steps the small lines of tools and errors have the range.</summary>
    public const int SparkSteps = 20;

    /// <summary>As <c>▲</c> in the terminal: so many times the usual is slow, and what nobody notices is not.</summary>
    public const double SlowFactor = 3;

    /// <summary>What takes less is never slow.</summary>
    public static readonly TimeSpan SlowFloor = TimeSpan.FromMilliseconds(100);

    /// <summary>A session without anything for longer is not active.</summary>
    public static readonly TimeSpan ActiveWithin = TimeSpan.FromMinutes(5);

    /// <summary>About how many points a timeline has.</summary>
    private const int TimelinePoints = 60;

    private static readonly int[] s_steps = [60, 120, 180, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

    public async Task<OverviewReport> OverviewAsync(HistoryFilter filter, CancellationToken cancellationToken)
    {
        var width = RollupWidths.For(filter.To - filter.From);
        var step = StepFor(filter.To - filter.From, width);
        var range = Align(filter, width);
        var previous = PreviousOf(range);
        var (now, timeline) = (new CallSums(), Timeline(range, step));
        await store.ReadRollupsAsync(
            range,
            width,
            (in rollup) => timeline[Math.Clamp((int)((rollup.At - timeline[0].At) / step), 0, timeline.Count - 1)].Sums.Add(rollup),
            cancellationToken
        );
        foreach (var point in timeline)
        {
            now.Add(point.Sums);
        }

        return new OverviewReport
        {
            Range = range,
            Now = now,
            Previous = previous,
            Before = await SumAsync(previous, cancellationToken),
            Sessions = await store.CountSessionsAsync(range, cancellationToken),
            SessionsBefore = await store.CountSessionsAsync(previous, cancellationToken),
            ActiveSessions = await store.CountSessionsAsync(filter with { From = filter.To - ActiveWithin }, cancellationToken),
            Step = step,
            Timeline = timeline,
        };
    }

    /// <summary>The figures of a range, rounded out to whole steps of the sums, and nothing else.</summary>
    public Task<CallSums> SumsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        SumAsync(Align(filter, RollupWidths.For(filter.To - filter.From)), cancellationToken);

    public async Task<IReadOnlyList<ToolReport>> ToolsAsync(HistoryFilter filter, CancellationToken cancellationToken)
    {
        var width = RollupWidths.For(filter.To - filter.From);
        var range = Align(filter, width);
        var (now, sparks) = (new Dictionary<ToolKey, CallSums>(), new Dictionary<ToolKey, long[]>());
        var sparkStep = (range.To - range.From) / SparkSteps;
        await store.ReadRollupsAsync(
            range,
            width,
            (in rollup) =>
            {
                if (ToolOf(rollup.Series) is { } tool)
                {
                    SumsOf(now, tool).Add(rollup);
                    var spark = sparks.TryGetValue(tool, out var known) ? known : sparks[tool] = new long[SparkSteps];
                    spark[Math.Clamp((int)((rollup.At - range.From) / sparkStep), 0, SparkSteps - 1)] += rollup.Count;
                }
            },
            cancellationToken
        );
        var before = await SumsByToolAsync(PreviousOf(range), width, cancellationToken);

        var everything = filter with { From = DateTimeOffset.UnixEpoch };
        var lastCalls = (await store.SeriesAsync(everything, cancellationToken))
            .Where(series => ToolOf(series) is not null)
            .GroupBy(series => ToolOf(series)!.Value)
            .ToDictionary(group => group.Key, group => group.Max(series => series.LastAt));
        // What a client or an outcome leaves of a list that the server gives to all would say nothing.
        var listed = filter.Clients.IsEmpty
            ? (await store.ToolVersionsAsync(filter, cancellationToken)).ToLookup(version => version.Tool)
            : Enumerable.Empty<ToolVersion>().ToLookup(version => version.Tool);
        var unused = listed.Where(versions => versions.First().IsListed == true).Select(versions => versions.Key);
        return
        [
            .. now
                .Keys.Union(unused)
                .Select(tool => new ToolReport
                {
                    Tool = tool,
                    Sums = now.GetValueOrDefault(tool) ?? new CallSums(),
                    Health = HealthOf(now.GetValueOrDefault(tool), before.GetValueOrDefault(tool)),
                    LastCall = lastCalls.TryGetValue(tool, out var last) ? last : null,
                    Spark = sparks.GetValueOrDefault(tool) ?? new long[SparkSteps],
                    IsListed = listed[tool].FirstOrDefault()?.IsListed,
                    Versions = listed[tool].Count(),
                })
                .OrderByDescending(report => report.Sums.Calls)
                .ThenBy(report => report.Tool.Tool, StringComparer.Ordinal),
        ];
    }

    /// <summary>The usual time of every tool in the range: its p50.</summary>
    public async Task<IReadOnlyDictionary<ToolKey, TimeSpan>> UsualTimesAsync(HistoryFilter filter, CancellationToken cancellationToken)
    {
        var sums = await SumsByToolAsync(filter, cancellationToken);
        return sums.Where(pair => pair.Value.P50 is not null).ToDictionary(pair => pair.Key, pair => pair.Value.P50!.Value);
    }

    /// <param name="filter">The range.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="byDuration">Whether the longest come first, and not those with the highest factor.</param>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
    public async Task<IReadOnlyList<SlowCall>> SlowAsync(
        HistoryFilter filter,
        int limit,
        bool byDuration,
        CancellationToken cancellationToken
    )
    {
        var tools = (await SumsByToolAsync(filter, cancellationToken))
            // Callers can invent thousands of tools; few have a call that could be meant.
            .Where(pair => pair.Value.P50 is { } usual && pair.Value.Longest >= LeastSlow(usual))
            .Select(pair => new SlowTool(pair.Key, pair.Value.P50!.Value));
        return await store.SlowestAsync(filter, [.. tools], limit, byDuration, cancellationToken);
    }

    /// <summary>From when on a call is slow.</summary>
    public static TimeSpan LeastSlow(TimeSpan usual) => usual * SlowFactor > SlowFloor ? usual * SlowFactor : SlowFloor;

    /// <param name="filter">The range.</param>
    /// <param name="limit">How many at most, the busiest first.</param>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
    public async Task<IReadOnlyList<ClientReport>> ClientsAsync(HistoryFilter filter, int limit, CancellationToken cancellationToken)
    {
        var width = RollupWidths.For(filter.To - filter.From);
        var range = Align(filter, width);
        var clients = new Dictionary<string, (CallSums Sums, Dictionary<long, Series> Series)>(StringComparer.Ordinal);
        await store.ReadRollupsAsync(
            range,
            width,
            (in rollup) =>
            {
                var name = rollup.Series.Client ?? string.Empty;
                var client = clients.TryGetValue(name, out var known) ? known : clients[name] = (new CallSums(), []);
                client.Sums.Add(rollup);
                client.Series[rollup.Series.Id] = rollup.Series;
            },
            cancellationToken
        );
        var all = Math.Max(1, clients.Values.Sum(client => client.Sums.Requests));
        var busiest = clients.OrderByDescending(client => client.Value.Sums.Requests).Take(limit).ToArray();
        var sessions =
            busiest.Length == 0
                ? new Dictionary<string, long>(StringComparer.Ordinal)
                : await store.CountSessionsByClientAsync(
                    range with
                    {
                        Clients = [.. busiest.Select(client => client.Key)],
                    },
                    cancellationToken
                );
        return
        [
            .. busiest.Select(client => new ClientReport
            {
                Client = client.Key.Length == 0 ? null : client.Key,
                Sums = client.Value.Sums,
                Share = client.Value.Sums.Requests / (double)all,
                Sessions = sessions.GetValueOrDefault(client.Key),
                Versions = [.. Known(client.Value.Series.Values.Select(one => one.ClientVersion))],
                ProtocolVersions = [.. Known(client.Value.Series.Values.Select(one => one.ProtocolVersion))],
                LastSeen = client.Value.Series.Values.Max(one => one.LastAt),
            }),
        ];
    }

    private static IEnumerable<string> Known(IEnumerable<string?> texts) =>
        texts.OfType<string>().Distinct(StringComparer.Ordinal).OrderDescending(StringComparer.Ordinal);

    private static ToolKey? ToolOf(Series series) =>
        series is { Type: EventTypes.ToolCall, Tool: { } tool } ? new ToolKey(series.Server, tool) : null;

    private static CallSums SumsOf(Dictionary<ToolKey, CallSums> sums, ToolKey tool) =>
        sums.TryGetValue(tool, out var known) ? known : sums[tool] = new CallSums();

    /// <summary>Of calls of all clients.</summary>
    private Task<Dictionary<ToolKey, CallSums>> SumsByToolAsync(HistoryFilter filter, CancellationToken cancellationToken)
    {
        var width = RollupWidths.For(filter.To - filter.From);
        return SumsByToolAsync(Align(filter with { Clients = [] }, width), width, cancellationToken);
    }

    private async Task<Dictionary<ToolKey, CallSums>> SumsByToolAsync(HistoryFilter range, int width, CancellationToken cancellationToken)
    {
        var sums = new Dictionary<ToolKey, CallSums>();
        await store.ReadRollupsAsync(
            range,
            width,
            (in rollup) =>
            {
                if (ToolOf(rollup.Series) is { } tool)
                {
                    SumsOf(sums, tool).Add(rollup);
                }
            },
            cancellationToken
        );
        return sums;
    }

    private async Task<CallSums> SumAsync(HistoryFilter range, CancellationToken cancellationToken)
    {
        var sums = new CallSums();
        await store.ReadRollupsAsync(range, RollupWidths.For(range.To - range.From), (in rollup) => sums.Add(rollup), cancellationToken);
        return sums;
    }

    private static ToolHealth HealthOf(CallSums? now, CallSums? before)
    {
        // Fewer failures than that are bad luck.
        const int MinFailures = 3;
        if (now is null)
        {
            return ToolHealth.Unused;
        }

        var failures = now.Errors + now.ToolErrors;
        return failures >= MinFailures && now.ErrorRate >= 0.5 ? ToolHealth.Down
            : now.ErrorRate >= 0.05 ? ToolHealth.Degraded
            : now.P95 > TimeSpan.FromSeconds(1) && before?.P95 is { } usual && now.P95 > usual * 5 ? ToolHealth.Slow
            : ToolHealth.Ok;
    }

    private static HistoryFilter PreviousOf(HistoryFilter range) =>
        range with
        {
            From = range.From - (range.To - range.From),
            To = range.From,
        };

    /// <summary>Sums have whole steps, so the range gets them too.</summary>
    private static HistoryFilter Align(HistoryFilter filter, int widthSeconds)
    {
        var width = TimeSpan.FromSeconds(widthSeconds).Ticks;
        return filter with
        {
            From = new DateTimeOffset(filter.From.UtcTicks / width * width, TimeSpan.Zero),
            To = new DateTimeOffset((filter.To.UtcTicks + width - 1) / width * width, TimeSpan.Zero),
        };
    }

    private static List<TimelinePoint> Timeline(HistoryFilter range, TimeSpan step)
    {
        List<TimelinePoint> points = [];
        var first = new DateTimeOffset(range.From.UtcTicks / step.Ticks * step.Ticks, TimeSpan.Zero);
        for (var at = first; at < range.To; at += step)
        {
            points.Add(new TimelinePoint(at, new CallSums()));
        }

        return points;
    }

    private static TimeSpan StepFor(TimeSpan range, int widthSeconds)
    {
        var least = range.TotalSeconds / TimelinePoints;
        var step = Array.Find(s_steps, one => one >= least && one % widthSeconds == 0);
        // Beyond two months a step is as many whole days as it takes.
        return step > 0 ? TimeSpan.FromSeconds(step) : TimeSpan.FromDays(Math.Ceiling(least / 86_400));
    }
}
