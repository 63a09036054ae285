using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>
/// A response body in chunked coding (RFC 9112 section 7.1) with a trailer section, for HTTP/1.1 callers: the server frames chunks by itself
/// but has no trailers there. Used only where the next hop announced them with a Trailer header.
/// <code>
/// 4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n
/// </code>
/// </summary>
internal sealed class ChunkedBodyWithTrailers : ResponseBodyFilter
{
    private static readonly byte[] s_lineEnd = "\r\n"u8.ToArray();

    private ChunkedBodyWithTrailers(IHttpResponseBodyFeature inner)
        : base(inner) { }

    /// <summary>Takes the framing of this response over from the server. Call it before the response starts.</summary>
    public static ChunkedBodyWithTrailers Attach(HttpContext context)
    {
        var body = new ChunkedBodyWithTrailers(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Response.Headers.TransferEncoding = "chunked";
        context.Features.Set<IHttpResponseBodyFeature>(body);
        return body;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A chunk of no bytes would end the body.
        if (buffer.IsEmpty)
        {
            return;
        }

        var writer = Inner.Writer;
        writer.Write(Encoding.ASCII.GetBytes(buffer.Length.ToString("x", CultureInfo.InvariantCulture)));
        writer.Write(s_lineEnd);
        writer.Write(buffer.Span);
        writer.Write(s_lineEnd);
        await writer.FlushAsync(cancellationToken);
    }

    /// <summary>Ends the body with its trailer section.</summary>
    public async Task EndAsync(IEnumerable<KeyValuePair<string, IEnumerable<string>>> trailers, CancellationToken cancellationToken)
    {
        var end = new StringBuilder("0\r\n");
        foreach (var (name, values) in trailers)
        {
            foreach (var value in values)
            {
                end.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
            }
        }

        end.Append("\r\n");
        Inner.Writer.Write(Encoding.Latin1.GetBytes(end.ToString()));
        await Inner.Writer.FlushAsync(cancellationToken);
    }
}
