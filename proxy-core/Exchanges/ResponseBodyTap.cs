using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Exchanges;

/// <summary>A response body on its way to the caller: counted, and watched for the failure that the status code does not show.</summary>
internal sealed class ResponseBodyTap : Stream, IHttpResponseBodyFeature
{
    private readonly HttpResponse _response;
    private readonly IHttpResponseBodyFeature _inner;
    private readonly McpRouter? _router;
    private ResponseScanner? _scanner;
    private LegacyEndpointReader? _endpoint;
    private bool _looked;
    private PipeWriter? _writer;

    private ResponseBodyTap(HttpResponse response, IHttpResponseBodyFeature inner, McpRouter? router)
    {
        _router = router;
        _response = response;
        _inner = inner;
    }

    /// <summary>Bytes handed to the caller's connection so far.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>How the JSON-RPC exchange ended as far as the body told, or null where it could not be read.</summary>
    public JsonRpcOutcome? Outcome => _scanner?.Outcome;

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

    /// <summary>Puts a tap on the response of an exchange.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="router">Who wants to know what an event stream announces, if anybody.</param>
    public static ResponseBodyTap Attach(HttpContext context, McpRouter? router = null)
    {
        var tap = new ResponseBodyTap(context.Response, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), router);
        context.Features.Set<IHttpResponseBodyFeature>(tap);
        return tap;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BytesWritten += buffer.Length;
        if (!_looked)
        {
            _looked = true;
            _endpoint = _router?.Watch(_response.HttpContext);
            _scanner = ResponseScanner.For(_response.ContentType, _response.Headers.ContentEncoding);
        }

        _scanner?.Feed(buffer.Span);
        _endpoint?.Feed(buffer.Span);
        return _inner.Stream.WriteAsync(buffer, cancellationToken);
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

    public async Task CompleteAsync()
    {
        if (_writer is not null)
        {
            await _writer.CompleteAsync();
        }

        await _inner.CompleteAsync();
    }
}
