using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.ProxyCore.Dashboard.Sending;

/// <summary>
/// Sends a request through the proxy as if it had come in by a port, so that it is classified, rewritten, forwarded and told of like any other. Who may use
/// the dashboard needs no key of callers.
/// </summary>
internal sealed class InProcessCall(McpProxy proxy, IServiceProvider services, TimeProvider time)
{
    /// <summary>Bytes of a response that are waited for.</summary>
    private const int MaxResponse = 1 << 20;

    /// <summary>How long that is; an event stream does not end by itself.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public async Task<SentExchange> SendAsync(OutgoingRequest request, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(s_limit, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await using var response = new InProcessResponse(MaxResponse, ended.Cancel);
        var context = ContextOf(request, response, ended.Token);
        try
        {
            await proxy.HandleAsync(context);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // What has come so far is the answer.
        }

        cancellationToken.ThrowIfCancellationRequested();
        await response.CompleteAsync();
        return new SentExchange(
            context.TraceIdentifier,
            response.StatusCode,
            response.Headers,
            response.Kept,
            response.Bytes,
            time.GetElapsedTime(began),
            IsComplete: !ended.IsCancellationRequested
        );
    }

    private DefaultHttpContext ContextOf(OutgoingRequest request, InProcessResponse response, CancellationToken aborted)
    {
        var target = request.Target;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        IHeaderDictionary headers = new HeaderDictionary();
        foreach (var (name, value) in request.Headers)
        {
            headers.Append(name, value);
        }

        headers.Host = request.Host;
        headers.ContentLength = request.Body.Length > 0 ? request.Body.Length : null;
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(
            new HttpRequestFeature
            {
                Method = request.Method,
                Scheme = Uri.UriSchemeHttp,
                Protocol = HttpProtocol.Http11,
                Path = Uri.UnescapeDataString(query < 0 ? target : target[..query]),
                QueryString = query < 0 ? string.Empty : target[query..],
                RawTarget = target,
                Headers = headers,
                Body = new MemoryStream(request.Body.ToArray(), writable: false),
            }
        );
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(response);
        features.Set<IHttpRequestBodyDetectionFeature>(new Detection(request.Body.Length > 0));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = aborted });
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = IPAddress.Loopback });
        features.Set<IHttpRequestIdentifierFeature>(new HttpRequestIdentifierFeature());
        return new DefaultHttpContext(features) { RequestServices = services };
    }

    private sealed class Detection(bool canHaveBody) : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => canHaveBody;
    }
}

/// <summary>A request to send.</summary>
internal sealed record OutgoingRequest(
    string Method,
    string Target,
    string Host,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    ReadOnlyMemory<byte> Body
);

/// <summary>What came back.</summary>
/// <param name="RequestId">As events have it.</param>
/// <param name="Status">The status.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Kept">The beginning of the body.</param>
/// <param name="Bytes">How long it was.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="IsComplete">Whether that is all.</param>
internal sealed record SentExchange(
    string RequestId,
    int Status,
    IHeaderDictionary Headers,
    ReadOnlyMemory<byte> Kept,
    long Bytes,
    TimeSpan Duration,
    bool IsComplete
);
