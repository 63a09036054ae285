using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Json;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>What can be asked of a history. It knows nothing of the process that it runs in.</summary>
internal sealed class HistoryEndpoints(IHistoryStore store, Func<string?, bool> isCaptured, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder api, Func<HttpContext, HistoryEndpoints> of)
    {
        api.MapGet("/filters", ApiAnswer.Of(context => of(context).FiltersAsync(context)));
        api.MapGet("/overview", ApiAnswer.Of(context => of(context).OverviewAsync(context)));
        api.MapGet("/tools", ApiAnswer.Of(context => of(context).ToolsAsync(context)));
        api.MapGet("/requests", ApiAnswer.Of(context => of(context).RequestsAsync(context)));
        api.MapGet("/errors", ApiAnswer.Of(context => of(context).ErrorsAsync(context)));
        api.MapGet("/slow", ApiAnswer.Of(context => of(context).SlowAsync(context)));
        api.MapGet("/clients", ApiAnswer.Of(context => of(context).ClientsAsync(context)));
        api.MapGet("/csp", ApiAnswer.Of(context => of(context).ViolationsAsync(context)));
    }

    public ApiQuery QueryOf(HttpContext context) => new(context.Request.Query, time.GetUtcNow());

    /// <summary>Rows of events, with what is slow marked.</summary>
    public async Task<IReadOnlyList<EventRow>> RowsAsync(
        HistoryFilter filter,
        IReadOnlyList<StoredEvent> events,
        CancellationToken cancellationToken
    )
    {
        var usual = events.Any(one => one.Latency >= HistoryReports.SlowFloor)
            ? await new HistoryReports(store).UsualTimesAsync(filter with { Tools = [], Servers = [] }, cancellationToken)
            : new Dictionary<ToolKey, TimeSpan>();
        return [.. events.Select(one => RowOf(one, usual))];
    }

    public EventRow RowOf(StoredEvent one, IReadOnlyDictionary<ToolKey, TimeSpan> usual)
    {
        var isSlow =
            one.Event.Tool is { } tool
            && usual.TryGetValue(new ToolKey(one.Event.Server, tool), out var time)
            && one.Latency >= HistoryReports.LeastSlow(time);
        var row = isSlow ? EventRow.Of(new SlowCall(one, usual[new ToolKey(one.Event.Server, one.Event.Tool!)])) : EventRow.Of(one);
        return row with { IsCaptured = isCaptured(one.Event.RequestId) };
    }

    public async Task<IReadOnlyList<string>> CutAsync(HistoryFilter filter, CancellationToken cancellationToken)
    {
        var gaps = await store.GapsAsync(filter, cancellationToken);
        List<string> cut = [];
        if (gaps.DeletedBefore is { } before)
        {
            cut.Add($"events before {before.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} were deleted ({gaps.Reason})");
        }

        if (gaps.Lost > 0)
        {
            cut.Add(
                string.Create(CultureInfo.InvariantCulture, $"{gaps.Lost} events were not written because there were too many at once")
            );
        }

        return cut;
    }

    private async Task FiltersAsync(HttpContext context)
    {
        var filter = QueryOf(context).Filter;
        var series = await store.SeriesAsync(filter, context.RequestAborted);
        await ApiAnswer.WriteAsync(
            context,
            new FiltersAnswer(
                RangeRow.Of(filter),
                Names(series, one => one.Server),
                Names(series, one => one.Tool),
                Names(series, one => one.Client)
            ),
            DashboardJson.Default.FiltersAnswer
        );
    }

    private static IReadOnlyList<string> Names(IReadOnlyList<Series> series, Func<Series, string?> nameOf) =>
        [.. series.Select(nameOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private async Task OverviewAsync(HttpContext context)
    {
        var filter = QueryOf(context).Filter;
        var report = await new HistoryReports(store).OverviewAsync(filter, context.RequestAborted);
        await ApiAnswer.WriteAsync(
            context,
            OverviewRow.Of(report) with
            {
                Cut = await CutAsync(filter, context.RequestAborted),
            },
            DashboardJson.Default.OverviewRow
        );
    }

    private async Task ToolsAsync(HttpContext context)
    {
        var filter = QueryOf(context).Filter;
        var tools = await new HistoryReports(store).ToolsAsync(filter, context.RequestAborted);
        await ApiAnswer.WriteAsync(
            context,
            new ToolsAnswer(
                RangeRow.Of(filter),
                await CutAsync(filter, context.RequestAborted),
                StepOf(filter).TotalSeconds,
                [.. tools.Select(ToolRow.Of)]
            ),
            DashboardJson.Default.ToolsAnswer
        );
    }

    private async Task RequestsAsync(HttpContext context)
    {
        var query = QueryOf(context).Events;
        var page = await store.EventsAsync(query, context.RequestAborted);
        await ApiAnswer.WriteAsync(
            context,
            new RequestsAnswer(
                RangeRow.Of(query.Filter),
                await CutAsync(query.Filter, context.RequestAborted),
                await RowsAsync(query.Filter, page.Events, context.RequestAborted),
                page.Next?.ToString()
            ),
            DashboardJson.Default.RequestsAnswer
        );
    }

    private async Task ErrorsAsync(HttpContext context)
    {
        var query = QueryOf(context);
        var filter = query.Filter;
        var page = await store.FailuresAsync(filter, StepOf(filter), query.Limit, context.RequestAborted);
        var cut = new List<string>(await CutAsync(filter, context.RequestAborted));
        if (page.Limit is { } limit)
        {
            cut.Add(string.Create(CultureInfo.InvariantCulture, $"counted are the newest {limit} failures"));
        }

        await ApiAnswer.WriteAsync(
            context,
            new ErrorsAnswer(RangeRow.Of(filter), cut, StepOf(filter).TotalSeconds, [.. page.Groups.Select(FailureRow.Of)]),
            DashboardJson.Default.ErrorsAnswer
        );
    }

    private async Task SlowAsync(HttpContext context)
    {
        var query = QueryOf(context);
        var byDuration = query.Word("order", "factor", "duration") == "duration";
        var slow = await new HistoryReports(store).SlowAsync(query.Filter, query.Limit, byDuration, context.RequestAborted);
        await ApiAnswer.WriteAsync(
            context,
            new SlowAnswer(
                RangeRow.Of(query.Filter),
                await CutAsync(query.Filter, context.RequestAborted),
                [.. slow.Select(one => EventRow.Of(one) with { IsCaptured = isCaptured(one.Call.Event.RequestId) })]
            ),
            DashboardJson.Default.SlowAnswer
        );
    }

    private async Task ClientsAsync(HttpContext context)
    {
        var query = QueryOf(context);
        var filter = query.Filter;
        var clients = await new HistoryReports(store).ClientsAsync(filter, query.Limit, context.RequestAborted);
        await ApiAnswer.WriteAsync(
            context,
            new ClientsAnswer(RangeRow.Of(filter), await CutAsync(filter, context.RequestAborted), [.. clients.Select(ClientRow.Of)]),
            DashboardJson.Default.ClientsAnswer
        );
    }

    private async Task ViolationsAsync(HttpContext context)
    {
        var query = QueryOf(context);
        var violations = await store.ViolationsAsync(query.Filter, query.Limit, context.RequestAborted);
        await ApiAnswer.WriteAsync(
            context,
            new ViolationsAnswer(
                RangeRow.Of(query.Filter),
                await CutAsync(query.Filter, context.RequestAborted),
                [
                    .. violations.Select(one => new ViolationRow(
                        one.Widget,
                        one.Directive,
                        one.Blocked,
                        one.Fix,
                        one.Count,
                        one.FirstAt,
                        one.LastAt
                    )),
                ]
            ),
            DashboardJson.Default.ViolationsAnswer
        );
    }

    private static TimeSpan StepOf(HistoryFilter filter) => (filter.To - filter.From) / HistoryReports.SparkSteps;
}
