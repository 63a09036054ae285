using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>Serves widget pages and what they load, so that hosts can use them from the origin of their sandbox.</summary>
/// <param name="source">Where they come from, or null where there are none; nothing may be asked for then.</param>
/// <param name="time">For measuring.</param>
internal sealed class WidgetServing(IWidgetSource? source, TimeProvider time) : IDisposable
{
    private IWidgetSource Source => source ?? throw new InvalidOperationException("there are no widgets");

    public string Name => Source.Name;

    /// <summary>The origin that pages believe to have, or null where they know of none.</summary>
    public string? Origin => Source.Origin;

    /// <returns>What is wrong where nothing was answered, else null.</returns>
    public async Task<WidgetFailure?> ServeAsync(ExchangeScope exchange, string target, ExchangeObservation observation)
    {
        var context = exchange.Context;
        CrossOriginAccess.Grant(context, Source.Origin);
        if (CrossOriginAccess.TryAnswerPreflight(context))
        {
            observation.Outcome = ForwardOutcome.Completed;
            return null;
        }

        var asked = time.GetTimestamp();
        var failure = await Source.ServeAsync(exchange, target, observation);
        observation.UpstreamTime = time.GetElapsedTime(asked);
        if (failure is null && IsPage(context))
        {
            observation.WidgetPage = exchange.Path;
        }

        return failure;
    }

    public void Dispose() => (source as IDisposable)?.Dispose();

    private static bool IsPage(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.Response.StatusCode == StatusCodes.Status200OK
        && context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true;
}
