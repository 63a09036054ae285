using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Json;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>One request with all that is known of it.</summary>
internal sealed class RequestEndpoints(HistoryEndpoints history, IHistoryStore store, ExchangeCaptures? captures)
{
    /// <summary>What is usual is judged by the time around the request.</summary>
    private static readonly TimeSpan s_around = TimeSpan.FromHours(12);

    public static void Map(IEndpointRouteBuilder api, Func<HttpContext, RequestEndpoints> of) =>
        api.MapGet("/requests/{id:guid}", ApiAnswer.Of(context => of(context).AnswerAsync(context)));

    private async Task AnswerAsync(HttpContext context)
    {
        var stored = await FindAsync(context);
        var around = new HistoryFilter { From = stored.At - s_around, To = stored.At + s_around };
        var usual = await new HistoryReports(store).UsualTimesAsync(around, context.RequestAborted);
        var isUsual = usual.TryGetValue(new ToolKey(stored.Event.Server, stored.Event.Tool ?? string.Empty), out var time);
        await ApiAnswer.WriteAsync(
            context,
            new RequestAnswer(
                history.RowOf(stored, usual),
                isUsual ? time.TotalMilliseconds : null,
                stored.Event.TimingUs is { } timing ? Waterfall.Of(timing) : [],
                stored.Event.TimingUs is { } all ? (all.Total - all.Upstream) / 1000.0 : stored.Event.OverheadMs,
                captures?.Find(stored.Event.RequestId) is { } captured ? RowOf(captured) : null
            ),
            DashboardJson.Default.RequestAnswer
        );
    }

    /// <summary>The request that the path names.</summary>
    public async Task<StoredEvent> FindAsync(HttpContext context) =>
        await store.FindAsync(Guid.Parse((string)context.Request.RouteValues["id"]!), context.RequestAborted)
        ?? throw new ApiProblemException(StatusCodes.Status404NotFound, "there is no such request, or it is gone");

    public static IReadOnlyList<string[]> Rows(IEnumerable<KeyValuePair<string, string>> headers) =>
        [.. headers.Select(header => (string[])[header.Key, header.Value])];

    private static CapturedRow RowOf(CapturedExchange captured) =>
        new()
        {
            Method = captured.Method,
            Target = captured.Target,
            Headers = Rows(captured.Headers),
            Body = BodyText.Of(captured.Body),
            Status = captured.Status,
            ResponseHeaders = Rows(captured.ResponseHeaders),
            ResponseBody = BodyText.Of(captured.ResponseBody),
            CanReplay = !captured.Body.IsCut,
            MissingHeaders = [.. captured.Headers.Where(header => header.Value == Secrets.Redacted).Select(header => header.Key)],
        };
}
