using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>Puts comments into event streams whose server is silent, as <see cref="McpProxyOptions.KeepAlive"/> says.</summary>
internal sealed class EventStreamKeepAlive(IOptionsMonitor<McpProxyOptions> options, TimeProvider time)
{
    public async ValueTask ApplyAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var interval = options.CurrentValue.KeepAlive;
        if (interval > TimeSpan.Zero && IsReadable(context.Response))
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            response.Content = new StreamContent(new KeepAliveStream(body, interval, time));
        }
    }

    // Into an encoded stream nothing can be put.
    private static bool IsReadable(HttpResponse response) =>
        response.StatusCode == StatusCodes.Status200OK
        && response.Headers.ContentEncoding.Count == 0
        && response.ContentLength is null
        && response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true
        && !HttpMethods.IsHead(response.HttpContext.Request.Method);
}
