using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Exchanges;

/// <summary>Turns a call away before it gets to the server, and tells the sinks: whoever wonders why looks at the terminal.</summary>
public sealed class CallRefuser(IEnumerable<IExchangeSink> sinks, TimeProvider time)
{
    private readonly IExchangeSink[] _sinks = [.. sinks];

    /// <param name="context">The call, whose response has not started.</param>
    /// <param name="error">Why it goes no further.</param>
    /// <param name="detail">What the catalog cannot know.</param>
    /// <param name="closesConnection">Whether the connection cannot be trusted to carry another request.</param>
    public async Task RefuseAsync(HttpContext context, ProxyError error, string? detail = null, bool closesConnection = false)
    {
        var (startedAt, started) = (time.GetUtcNow(), time.GetTimestamp());
        var requestBody = RequestBodyTap.Attach(context);
        try
        {
            var request = await requestBody.ReadAndSummarizeAsync(context.RequestAborted);
            await ErrorResponse.WriteAsync(context, error, ErrorSource.Connector, request, detail, closesConnection);
            var record = new ExchangeRecord
            {
                RequestId = context.TraceIdentifier,
                StartedAt = startedAt,
                HttpMethod = context.Request.Method,
                HttpVersion = ExchangeObservation.HttpVersionOf(context.Request.Protocol),
                Status = context.Response.StatusCode,
                IsCutShort = false,
                RequestBytes = requestBody.BytesRead,
                ResponseBytes = context.Response.ContentLength ?? 0,
                Total = time.GetElapsedTime(started),
                Upstream = TimeSpan.Zero,
                McpMethod = request?.Method,
                Name = request?.Name,
                ProxyError = error.Code,
                Target = detail is null ? "nowhere" : $"nowhere, {detail}",
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
}
