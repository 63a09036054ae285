using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.JsonRpc;

namespace Tunnel.ProxyCore.Exchanges;

/// <summary>
/// A request body on its way through: it keeps the first bytes of a JSON body, so that the exchange can be named and an error
/// can carry the caller's id, and counts the rest. It never holds the stream up.
/// </summary>
public sealed class RequestBodyTap : Stream
{
    /// <summary>How much of a JSON body is kept. Ids and methods come early; a longer message goes through all the same.</summary>
    public const int HeadLimit = 64 * 1024;

    /// <summary>How long an error answer waits for a caller that is slow to send the rest of its message.</summary>
    private static readonly TimeSpan s_drainLimit = TimeSpan.FromSeconds(5);

    private readonly Stream _inner;
    private readonly bool _keepsHead;
    private readonly long? _length;
    private byte[]? _head;
    private int _headLength;
    private bool _ended;

    private RequestBodyTap(HttpRequest request)
    {
        _inner = request.Body;
        var hasBody = request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        _length = hasBody ? request.ContentLength : 0;
        _keepsHead = HttpMethods.IsPost(request.Method) && IsJson(request.ContentType);
    }

    /// <summary>Called after every piece that was read.</summary>
    public Action? Progressed { get; set; }

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Whether the caller may still have some of it to send.</summary>
    public bool IsUnfinished => !_ended && BytesRead != _length;

    public override bool CanRead => true;
    public override bool CanWrite => false;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts a tap on the body of a request for the length of the exchange.</summary>
    public static RequestBodyTap Attach(HttpContext context)
    {
        var tap = new RequestBodyTap(context.Request);
        context.Request.Body = tap;
        return tap;
    }

    /// <summary>What the kept bytes tell of the message, or null when it is not JSON-RPC.</summary>
    public JsonRpcSummary? Summarize() =>
        _headLength == 0 ? null : JsonRpcReader.Read(_head.AsSpan(0, _headLength), isWhole: _ended && BytesRead == _headLength);

    /// <summary>Like <see cref="Summarize"/>, after reading what is missing of the head. For answering without forwarding.</summary>
    public async Task<JsonRpcSummary?> ReadAndSummarizeAsync(CancellationToken cancellationToken)
    {
        if (!_keepsHead)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_drainLimit);
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            int read;
            do
            {
                read = await ReadAsync(buffer, limit.Token);
            } while (read > 0 && _headLength < HeadLimit);
        }
        catch (Exception unreadable) when (unreadable is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The caller gets its answer without the id that it did not manage to send.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Summarize();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _inner.ReadAsync(buffer, cancellationToken);
        if (read == 0)
        {
            _ended |= buffer.Length > 0;
            return 0;
        }

        BytesRead += read;
        if (_keepsHead && _headLength < HeadLimit)
        {
            Keep(buffer.Span[..read]);
        }

        Progressed?.Invoke();
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Gives the kept bytes back; call it when the exchange is over.</summary>
    public void Release()
    {
        if (_head is { } head)
        {
            _head = null;
            _headLength = 0;
            ArrayPool<byte>.Shared.Return(head);
        }
    }

    private static bool IsJson(string? contentType) =>
        contentType is not null && contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);

    private void Keep(ReadOnlySpan<byte> piece)
    {
        piece = piece[..Math.Min(piece.Length, HeadLimit - _headLength)];
        var needed = _headLength + piece.Length;
        if (_head is null || _head.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            _head.AsSpan(0, _headLength).CopyTo(larger);
            if (_head is not null)
            {
                ArrayPool<byte>.Shared.Return(_head);
            }

            _head = larger;
        }

        piece.CopyTo(_head.AsSpan(_headLength));
        _headLength = needed;
    }
}
