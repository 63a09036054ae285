using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Hosts;

namespace Tunnel.Relay.AccessLog;

/// <summary>Writes requests down when they are over. What other relays pass on was written down there.</summary>
internal sealed class AccessLogMiddleware(RequestDelegate next, AccessLogWriter log, HostClassifier hosts, TimeProvider time)
{
    /// <summary>Longer paths and names are cut: a line is for people and tools that have limits of their own.</summary>
    private const int MaxPathLength = 1024;

    private const int MaxNameLength = 63;

    public async Task InvokeAsync(HttpContext context)
    {
        var startedAt = time.GetUtcNow();
        var start = time.GetTimestamp();
        var body = new CountedBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(body);
        // Before anything behind this rewrites the request.
        var path = PathOf(context);
        try
        {
            await next(context);
        }
        finally
        {
            var isCutShort = context.RequestAborted.IsCancellationRequested;
            log.Write(
                new AccessRecord
                {
                    StartedAt = startedAt,
                    Name = hosts.Classify(context.Request.Host).TunnelName is { } name ? Short(name, MaxNameLength) : null,
                    Address = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped
                        ? mapped.MapToIPv4()
                        : context.Connection.RemoteIpAddress,
                    Method = context.Request.Method,
                    Path = path,
                    Status = isCutShort && !context.Response.HasStarted ? null : context.Response.StatusCode,
                    Bytes = body.Bytes,
                    Duration = time.GetElapsedTime(start),
                    RequestId = context.TraceIdentifier,
                    TraceId = TraceOf(context.Request),
                    Code = context.Response.Headers[ErrorResponse.CodeHeader] is [{ } code] && RelayMetrics.IsCode(code) ? code : null,
                    IsCutShort = isCutShort,
                }
            );
        }
    }

    private static string PathOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return Short(query < 0 ? target : target[..query], MaxPathLength);
    }

    private static string? TraceOf(HttpRequest request) =>
        request.Headers[HeaderNames.TraceParent] is [{ } parent] && ActivityContext.TryParse(parent, traceState: null, out var trace)
            ? trace.TraceId.ToString()
            : null;

    private static string Short(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}
