using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Exchanges;

namespace Tunnel.ProxyCore.Captures;

/// <summary>Decides of which exchanges more than metadata is looked at, and hands that on. While nobody wants to see any, it does nothing.</summary>
internal sealed class ExchangeInspection(IEnumerable<IToolListSink> listeners, TimeProvider time, ExchangeCaptures? captures = null)
{
    /// <summary>The longest list of tools that is read, in bytes.</summary>
    private const int MaxToolList = 1 << 20;

    private readonly IToolListSink[] _listeners = [.. listeners];
    private readonly CopyBudget _budget = new(ExchangeCaptures.MaxBytes);

    /// <summary>The request is known, and goes out next.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="target">Path and query as they came.</param>
    /// <param name="observation">What is known of it.</param>
    /// <returns>Null where nobody wants to see it.</returns>
    public Inspection? Begin(HttpContext context, string target, ExchangeObservation observation)
    {
        var message = observation.RequestBody.Summarize();
        var listsTools = _listeners.Length > 0 && message is { Method: "tools/list", IsBatch: false };
        if (captures is null && !listsTools)
        {
            return null;
        }

        var copy = new BodyCopy(listsTools ? MaxToolList : ExchangeCaptures.MaxBody, _budget);
        observation.CopyResponse(copy);
        return new Inspection(
            listsTools ? observation.RequestBody.Whole?.ToArray() : null,
            captures is null ? null : ExchangeCaptures.Begin(context, target, observation.StartedAt, observation.RequestBody),
            copy,
            time.GetTimestamp()
        );
    }

    /// <summary>The exchange is over, and nothing of its buffers was given back yet.</summary>
    public void End(HttpContext context, ExchangeObservation observation, Inspection inspection)
    {
        using var copy = inspection.Response;
        var (response, bytes) = (context.Response, copy.Bytes.ToArray());
        if (inspection.ToolListRequest is { } request && observation.Server is { } server && !copy.IsCut)
        {
            foreach (var listener in _listeners)
            {
                listener.Record(
                    new ToolListAnswer(
                        server,
                        observation.StartedAt,
                        request,
                        bytes,
                        response.ContentType,
                        response.Headers.ContentEncoding
                    )
                );
            }
        }

        if (captures is not null && inspection.Capture is { } capture)
        {
            captures.Add(
                capture with
                {
                    Duration = time.GetElapsedTime(inspection.BeganAt),
                    Server = observation.Server,
                    Body = capture.Body with { Bytes = observation.RequestBody.BytesRead },
                    Status = response.StatusCode,
                    ResponseHeaders = ExchangeCaptures.HeadersOf(response.Headers),
                    ResponseBody = new CapturedBody(
                        bytes.AsMemory(0, Math.Min(bytes.Length, ExchangeCaptures.MaxBody)),
                        observation.ResponseBytes,
                        response.ContentType,
                        response.Headers.ContentEncoding
                    ),
                }
            );
        }
    }
}

/// <summary>What is looked at of one exchange.</summary>
/// <param name="ToolListRequest">The request body, if it asks for tools.</param>
/// <param name="Capture">What is kept of the request, if anything is.</param>
/// <param name="Response">What is copied of the response.</param>
/// <param name="BeganAt">A timestamp.</param>
internal sealed record Inspection(byte[]? ToolListRequest, CapturedExchange? Capture, BodyCopy Response, long BeganAt);
