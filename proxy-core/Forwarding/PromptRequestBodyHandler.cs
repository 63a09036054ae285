using System.Net;
using System.Runtime.CompilerServices;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>
/// Lets an upload stream: every piece of a request body leaves when it arrives. Left alone, the HTTP client keeps small writes in its buffer
/// until the body ends. The last piece of a body of known length needs no flush of its own, the end of the request follows at once.
/// </summary>
public sealed class PromptRequestBodyHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Where a request carries the body it was made from: the client repeats what HTTP/2 says nobody worked on (RFC 9113 section 8.7).</summary>
    internal static readonly HttpRequestOptionsKey<RequestBodyTap> Source = new("mcpr.body");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            request.Content = new PromptContent(content, request.Options.TryGetValue(Source, out var source) ? source : null);
        }

        return base.SendAsync(request, cancellationToken);
    }

    private sealed class PromptContent : HttpContent
    {
        private readonly HttpContent _inner;
        private readonly RequestBodyTap? _source;
        private bool _isUsed;

        public PromptContent(HttpContent inner, RequestBodyTap? source)
        {
            _inner = inner;
            _source = source;
            foreach (var header in inner.Headers.NonValidated)
            {
                Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var prompt = new PromptStream(stream, _inner.Headers.ContentLength, _source);
            if (!_isUsed)
            {
                _isUsed = true;
                return _inner.CopyToAsync(prompt, context, cancellationToken);
            }

            return _source?.CopyAgainAsync(prompt, cancellationToken)
                ?? Task.FromException(new IOException("a request's body that comes from elsewhere cannot be had again"));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _inner.Headers.ContentLength ?? 0;
            return _inner.Headers.ContentLength is not null;
        }

        protected override void Dispose(bool disposing)
        {
            _inner.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <param name="inner">The HTTP client's stream.</param>
    /// <param name="length">Bytes that will be written in all, or null when nobody knows.</param>
    /// <param name="source">Where the body comes from, if that is known.</param>
    private sealed class PromptStream(Stream inner, long? length, RequestBodyTap? source) : WriteOnlyStream
    {
        private long _written;

        // Pooled: there is a write for every piece of a body.
        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            _written += buffer.Length;
            if (_written != length)
            {
                await inner.FlushAsync(cancellationToken);
            }
        }

        // The forwarder lets the headers go before it reads the body. If some of that is here, both leave together: one call of the system, and one
        // thing less for the next hop to wake up for.
        public override Task FlushAsync(CancellationToken cancellationToken) =>
            _written == 0 && source is { IsAtHand: true } ? Task.CompletedTask : inner.FlushAsync(cancellationToken);
    }
}
