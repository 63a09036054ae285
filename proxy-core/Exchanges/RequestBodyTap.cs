using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Exchanges;

/// <summary>
/// A request body on its way through: it keeps the first bytes of a JSON body, so that the exchange can be named and an error
/// can carry the caller's id, and counts the rest. It never holds the stream up.
/// </summary>
public sealed class RequestBodyTap : ReadOnlyStream
{
    /// <summary>How much of a JSON body is kept. Ids and methods come early; a longer message goes through all the same.</summary>
    public const int HeadLimit = 64 * 1024;

    /// <summary>What most messages fit in.</summary>
    private const int FirstBuffer = 4096;

    /// <summary>How long reading ahead waits for a caller that sends nothing.</summary>
    private static readonly TimeSpan s_silenceLimit = TimeSpan.FromSeconds(60);

    /// <summary>How long an error answer waits for a caller that is slow to send the rest of its message.</summary>
    private static readonly TimeSpan s_drainLimit = TimeSpan.FromSeconds(5);

    private readonly CallerBody _caller;
    private readonly bool _keepsHead;
    private readonly long? _length;
    private byte[]? _head;
    private int _headLength;
    private bool _ended;

    // Set once the head was read ahead; what the forwarder reads then comes from it first.
    private bool _isBuffered;
    private bool _isReplaced;
    private int _handedOn;
    private JsonRpcSummary? _summary;
    private bool _isSummarized;

    private Task _copying = Task.CompletedTask;
    private CancellationTokenSource? _endCopying;

    private RequestBodyTap(HttpRequest request)
    {
        _caller = new CallerBody(request);
        var hasBody = request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        _length = hasBody ? request.ContentLength : 0;
        _keepsHead = HttpMethods.IsPost(request.Method) && IsJson(request.ContentType);
    }

    /// <summary>Called after every piece that was read.</summary>
    public Action? Progressed { get; set; }

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Whether the caller may still have some of it to send.</summary>
    public bool IsUnfinished => !IsComplete;

    /// <summary>Whether the next read need not wait for the caller. This reads nothing.</summary>
    internal bool IsAtHand => (_isBuffered && _handedOn < _headLength) || IsComplete || _caller.HasArrived();

    private bool IsComplete => _ended || BytesRead == _length;

    /// <summary>Puts a tap on the body of a request for the length of the exchange.</summary>
    public static RequestBodyTap Attach(HttpContext context)
    {
        var tap = new RequestBodyTap(context.Request);
        context.Request.Body = tap;
        return tap;
    }

    /// <summary>Reads a JSON body ahead, up to a limit, so that the exchange is known before it is forwarded.</summary>
    /// <exception cref="IOException">The caller went away or broke the framing of its body.</exception>
    /// <exception cref="OperationCanceledException">The caller sent nothing for too long.</exception>
    public async Task ReadAheadAsync(int limit, CancellationToken cancellationToken)
    {
        if (!_keepsHead)
        {
            return;
        }

        while (!IsComplete && _headLength < limit)
        {
            // By what has come and not by what is announced: a Content-Length alone must not cost memory.
            Grow((int)Math.Min(Math.Min(limit, _length ?? limit), Math.Max(FirstBuffer, 2L * _headLength)));
            var read = await ReadInTimeAsync(_head.AsMemory(_headLength, Math.Min(_head!.Length, limit) - _headLength), cancellationToken);
            _ended |= read == 0;
            _headLength += read;
            BytesRead += read;
        }

        _isBuffered = true;
    }

    /// <summary>Makes what was read readable again, so that the request can be sent once more.</summary>
    /// <returns>False when some of it was not kept.</returns>
    public bool TryRewind()
    {
        if (BytesRead != _headLength && !_isReplaced)
        {
            return false;
        }

        _isBuffered |= _headLength > 0;
        _handedOn = 0;
        return true;
    }

    /// <summary>Sends it once more from its beginning, for an HTTP client that begins anew by itself.</summary>
    /// <exception cref="IOException">What was read of it was not kept.</exception>
    internal Task CopyAgainAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (!TryRewind())
        {
            return Task.FromException(new IOException("what was read of the request's body cannot be had again"));
        }

        _endCopying ??= new CancellationTokenSource();
        return _copying = CopyUntilEndedAsync(destination, _endCopying, cancellationToken);
    }

    /// <summary>Ends what <see cref="CopyAgainAsync"/> began, so that nobody else reads it when it is rewound.</summary>
    internal async ValueTask StopCopyingAsync()
    {
        if (_endCopying is { } end)
        {
            await end.CancelAsync();
            await _copying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            end.Dispose();
            _endCopying = null;
        }
    }

    /// <summary>The whole body, once it was read ahead; null when it was not, or is longer than what is read ahead.</summary>
    public ReadOnlyMemory<byte>? Whole
    {
        get
        {
            if (!_isBuffered || !IsComplete || BytesRead != _headLength)
            {
                return null;
            }

            return _head.AsMemory(0, _headLength);
        }
    }

    /// <summary>What was kept of it so far; valid until the next call of anything else.</summary>
    internal ReadOnlyMemory<byte> Head => _head.AsMemory(0, _headLength);

    /// <summary>Puts another body in the place of a <see cref="Whole"/> one. What is told of the exchange stays what the caller sent.</summary>
    public void Replace(ReadOnlySpan<byte> body)
    {
        Summarize();
        (_isReplaced, _ended, _headLength) = (true, true, 0);
        Grow(body.Length);
        body.CopyTo(_head);
        _headLength = body.Length;
    }

    /// <summary>What the kept bytes tell of the message, or null when it is not JSON-RPC.</summary>
    public JsonRpcSummary? Summarize()
    {
        if (_headLength == 0 || _isSummarized)
        {
            return _summary;
        }

        // Read once when nothing more of the head can come.
        _isSummarized = _isBuffered;
        _summary = JsonRpcReader.Read(_head.AsSpan(0, _headLength), isWhole: IsComplete && BytesRead == _headLength);
        return _summary;
    }

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
            } while (read > 0 && !_isBuffered && _headLength < HeadLimit);
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

    // Pooled: there is a read for every piece of a body.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isBuffered && _handedOn < _headLength)
        {
            return HandOn(buffer.Span);
        }

        if (IsComplete)
        {
            // Nothing is missing, so that a next hop that goes away at this moment cannot be taken for a caller that broke.
            return 0;
        }

        var read = await _caller.ReadAsync(buffer, cancellationToken);
        if (read == 0)
        {
            _ended |= buffer.Length > 0;
            return 0;
        }

        BytesRead += read;
        if (_keepsHead && !_isBuffered && _headLength < HeadLimit)
        {
            Keep(buffer.Span[..read]);
        }

        Progressed?.Invoke();
        return read;
    }

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

    private async ValueTask<int> ReadInTimeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Most bodies come with their headers, and then there is nothing to wait for.
        using var silence = new CancellationTokenSource();
        var reading = _caller.ReadAsync(buffer, silence.Token);
        if (reading.IsCompleted)
        {
            return await reading;
        }

        await using var left = cancellationToken.Register(static state => ((CancellationTokenSource)state!).Cancel(), silence);
        silence.CancelAfter(s_silenceLimit);
        return await reading;
    }

    private async Task CopyUntilEndedAsync(Stream destination, CancellationTokenSource end, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        await CopyToAsync(destination, either.Token);
    }

    private int HandOn(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _headLength - _handedOn);
        _head.AsSpan(_handedOn, count).CopyTo(buffer);
        _handedOn += count;
        Progressed?.Invoke();
        return count;
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        piece = piece[..Math.Min(piece.Length, HeadLimit - _headLength)];
        Grow(_headLength + piece.Length);
        piece.CopyTo(_head.AsSpan(_headLength));
        _headLength += piece.Length;
    }

    private void Grow(int needed)
    {
        if (_head is not null && _head.Length >= needed)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(needed);
        _head.AsSpan(0, _headLength).CopyTo(larger);
        if (_head is not null)
        {
            ArrayPool<byte>.Shared.Return(_head);
        }

        _head = larger;
    }
}
