using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>
/// A response body in chunked coding (RFC 9112 section 7.1) with a trailer section, for HTTP/1.1 callers: the server frames chunks by itself
/// but has no trailers there. Used only where the next hop announced them with a Trailer header.
/// <code>
/// 4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n
/// </code>
/// </summary>
internal sealed class ChunkedBodyWithTrailers : Stream, IHttpResponseBodyFeature
{
    private static readonly byte[] s_lineEnd = "\r\n"u8.ToArray();

    private readonly IHttpResponseBodyFeature _inner;
    private PipeWriter? _writer;

    private ChunkedBodyWithTrailers(IHttpResponseBodyFeature inner)
    {
        _inner = inner;
    }

    public override bool CanRead => false;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    Stream IHttpResponseBodyFeature.Stream => this;

    PipeWriter IHttpResponseBodyFeature.Writer => _writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

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

        var writer = _inner.Writer;
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
        _inner.Writer.Write(Encoding.Latin1.GetBytes(end.ToString()));
        await _inner.Writer.FlushAsync(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.Stream.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("asynchronous only");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public void DisableBuffering() => _inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => _inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken);

    public Task CompleteAsync() => _inner.CompleteAsync();
}
