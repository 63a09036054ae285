using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Json;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>Sessions, and what happened in one of them.</summary>
internal sealed class SessionEndpoints(HistoryEndpoints history, IHistoryStore store)
{
    public static void Map(IEndpointRouteBuilder api, Func<HttpContext, SessionEndpoints> of)
    {
        api.MapGet("/sessions", ApiAnswer.Of(context => of(context).SessionsAsync(context)));
        api.MapGet("/sessions/{id:long}", ApiAnswer.Of(context => of(context).SessionAsync(context)));
    }

    private async Task SessionsAsync(HttpContext context)
    {
        var query = history.QueryOf(context);
        var filter = query.Filter;
        var sessions = await store.SessionsAsync(filter, query.Limit, context.RequestAborted);
        var isActive = query.Flag("active");
        await ApiAnswer.WriteAsync(
            context,
            new SessionsAnswer(
                RangeRow.Of(filter),
                await history.CutAsync(filter, context.RequestAborted),
                [
                    .. sessions
                        .Select(session => SessionRow.Of(session, query.Now))
                        .Where(session => isActive is null || session.IsActive == isActive),
                ]
            ),
            DashboardJson.Default.SessionsAnswer
        );
    }

    private async Task SessionAsync(HttpContext context)
    {
        var query = history.QueryOf(context);
        var id = long.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        var session =
            await store.SessionAsync(id, context.RequestAborted)
            ?? throw new ApiProblemException(StatusCodes.Status404NotFound, "there is no such session, or it is gone");
        // All of it, whatever the range of the page that led here.
        var everything = new HistoryFilter { From = session.StartedAt, To = DateTimeOffset.MaxValue };
        var page = await store.EventsAsync(
            query.Events with
            {
                Filter = everything,
                Session = id,
                Text = null,
                IsOldestFirst = true,
            },
            context.RequestAborted
        );
        var cut = new List<string>(await history.CutAsync(everything, context.RequestAborted));
        if (page.Next is not null)
        {
            cut.Add("tools are those of this page");
        }

        await ApiAnswer.WriteAsync(
            context,
            new SessionAnswer(
                SessionRow.Of(session, query.Now),
                cut,
                ToolsOf(page.Events),
                await history.RowsAsync(
                    everything with
                    {
                        To = session.LastAt + TimeSpan.FromMinutes(1),
                    },
                    page.Events,
                    context.RequestAborted
                ),
                page.Next?.ToString()
            ),
            DashboardJson.Default.SessionAnswer
        );
    }

    private static IReadOnlyList<SessionToolRow> ToolsOf(IReadOnlyList<StoredEvent> events) =>
        [
            .. events
                .Where(one => one.Event.Tool is not null)
                .GroupBy(one => one.Event.Tool!, StringComparer.Ordinal)
                .Select(group => new SessionToolRow(group.Key, group.Count(), group.Count(one => one.Event.Status != "ok")))
                .OrderByDescending(row => row.Calls),
        ];
}
