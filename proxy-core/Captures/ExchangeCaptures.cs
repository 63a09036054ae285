using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Exchanges;

namespace Tunnel.ProxyCore.Captures;

/// <summary>
/// The newest exchanges with headers and bodies, in memory only, for the dashboard to show and send again. It is there only while there is a dashboard.
/// </summary>
public sealed class ExchangeCaptures
{
    /// <summary>Bounded: what is older was looked at, or never will be.</summary>
    public const int MaxExchanges = 500;

    /// <summary>Bytes of all bodies that are kept, and once more of those that are under way.</summary>
    public const int MaxBytes = 32 << 20;

    /// <summary>Bytes of one body; of a longer one the beginning is kept.</summary>
    public const int MaxBody = 64 << 10;

    private readonly Lock _lock = new();
    private readonly Queue<CapturedExchange> _inOrder = [];
    private readonly Dictionary<string, CapturedExchange> _byRequest = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>How many there are, and what they take up.</summary>
    public (int Exchanges, long Bytes) Used
    {
        get
        {
            lock (_lock)
            {
                return (_inOrder.Count, _bytes);
            }
        }
    }

    public CapturedExchange? Find(string? requestId)
    {
        lock (_lock)
        {
            return requestId is null ? null : _byRequest.GetValueOrDefault(requestId);
        }
    }

    /// <summary>The beginning of an exchange: what is kept of the request, whose headers may be changed on the way.</summary>
    internal static CapturedExchange Begin(HttpContext context, string target, DateTimeOffset at, RequestBodyTap body) =>
        new()
        {
            RequestId = context.TraceIdentifier,
            At = at,
            Duration = TimeSpan.Zero,
            Server = null,
            Method = context.Request.Method,
            Target = Secrets.WithoutSecrets(target),
            Host = context.Request.Host.ToString(),
            Headers = HeadersOf(context.Request.Headers),
            Body = new CapturedBody(
                body.Head[..Math.Min(body.Head.Length, MaxBody)].ToArray(),
                body.BytesRead,
                context.Request.ContentType,
                context.Request.Headers.ContentEncoding
            ),
            Status = 0,
            ResponseHeaders = [],
            ResponseBody = new CapturedBody(ReadOnlyMemory<byte>.Empty, 0, ContentType: null, ContentEncoding: null),
        };

    /// <summary>Keeps an exchange that is over, and lets go of the oldest.</summary>
    internal void Add(CapturedExchange exchange)
    {
        lock (_lock)
        {
            _inOrder.Enqueue(exchange);
            _byRequest[exchange.RequestId] = exchange;
            _bytes += exchange.Size;
            while (_inOrder.Count > MaxExchanges || _bytes > MaxBytes)
            {
                var oldest = _inOrder.Dequeue();
                _bytes -= oldest.Size;
                _byRequest.Remove(oldest.RequestId);
            }
        }
    }

    internal static ImmutableArray<KeyValuePair<string, string>> HeadersOf(IHeaderDictionary headers) =>
        [
            .. headers.SelectMany(header =>
                header.Value.Select(value =>
                    KeyValuePair.Create(
                        header.Key.ToLowerInvariant(),
                        Secrets.IsSecretHeader(header.Key) ? Secrets.Redacted : ShownOf(value ?? string.Empty)
                    )
                )
            ),
        ];

    /// <summary>A value may be a URL, as that of <c>Location</c> or <c>Referer</c>, and the code of a login in it.</summary>
    private static string ShownOf(string value) => value.Contains('?', StringComparison.Ordinal) ? Secrets.WithoutSecrets(value) : value;
}
