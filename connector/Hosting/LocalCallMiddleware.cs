using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.Connector.Hosting;

/// <summary>
/// What the relay does for visitors of the tunnel, for callers of a local listener: refuses those that have no business here, and says
/// itself where a request comes from. Requests that came through the tunnel pass untouched.
/// </summary>
internal sealed class LocalCallMiddleware(RequestDelegate next, AllowedHosts allowed, IEnumerable<IExchangeSink> sinks, TimeProvider time)
{
    private readonly IExchangeSink[] _sinks = [.. sinks];

    public async Task InvokeAsync(HttpContext context)
    {
        if (TunnelMark.IsOn(context))
        {
            await next(context);
        }
        else if (FindFault(context.Request) is { } fault)
        {
            await RefuseAsync(context, fault);
        }
        else
        {
            ForwardingHeaders.Replace(context.Request, context.Request.Scheme);
            await next(context);
        }
    }

    private async Task RefuseAsync(HttpContext context, string fault)
    {
        var (startedAt, started) = (time.GetUtcNow(), time.GetTimestamp());
        var requestBody = RequestBodyTap.Attach(context);
        try
        {
            var request = await requestBody.ReadAndSummarizeAsync(context.RequestAborted);
            await ErrorResponse.WriteAsync(context, ErrorCatalog.ForeignCaller, ErrorSource.Connector, request, fault);

            // Whoever wonders why a page cannot get through looks at the terminal.
            var record = new ExchangeRecord
            {
                StartedAt = startedAt,
                HttpMethod = context.Request.Method,
                Status = context.Response.StatusCode,
                IsCutShort = false,
                RequestBytes = requestBody.BytesRead,
                ResponseBytes = context.Response.ContentLength ?? 0,
                Total = time.GetElapsedTime(started),
                Upstream = TimeSpan.Zero,
                McpMethod = request?.Method,
                Name = request?.Name,
                ProxyError = ErrorCatalog.ForeignCaller.Code,
                Target = $"nowhere, {fault}",
            };
            foreach (var sink in _sinks)
            {
                sink.Record(record);
            }
        }
        finally
        {
            requestBody.Release();
        }
    }

    private string? FindFault(HttpRequest request)
    {
        if (!allowed.Allows(request.Host))
        {
            return $"Host is {request.Host.Value}";
        }

        var origin = request.Headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && allowed.AllowsOrigin(origin[0]!)) ? null : $"Origin is {origin}";
    }
}
