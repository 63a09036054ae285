using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>What runs here.</summary>
internal sealed class StatusEndpoint(DashboardOptions options, McpServers servers, TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public void Map(IEndpointRouteBuilder api) => api.MapGet("/status", ApiAnswer.Of(AnswerAsync));

    private async Task AnswerAsync(HttpContext context)
    {
        var (history, limits) = (await options.History.Store.StateAsync(context.RequestAborted), options.History.Options);
        var captured = options.Captures?.Used ?? default;
        await new StatusAnswer(
            options.Version,
            _startedAt,
            time.GetUtcNow(),
            [.. servers.All.Select(server => new ServerRow(server.Label, server.Name, server.PublicEndpoint))],
            HistoryStateRow.Of(history, limits),
            new CapturedStateRow(
                options.Captures is not null,
                captured.Exchanges,
                ExchangeCaptures.MaxExchanges,
                captured.Bytes,
                ExchangeCaptures.MaxBytes,
                ExchangeCaptures.MaxBody
            )
        ).WriteAsync(context);
    }
}
