namespace Tunnel.ProxyCore.Streams;

/// <summary>
/// An event stream on its way from the server, with a comment (<c>: keep-alive</c>, WHATWG HTML section 9.2.6) between events whenever
/// the server was silent for an interval: intermediaries and clients give up streams on which nothing moves.
/// </summary>
/// <remarks>
/// Silence is noticed in reads of no bytes, which the forwarder makes before it takes a buffer. So a silent stream costs no memory here.
/// </remarks>
internal sealed class KeepAliveStream(Stream inner, TimeSpan interval, TimeProvider time) : ReadOnlyStream
{
    private readonly CancellationTokenSource _over = new();
    private Task<int>? _arrival;
    private Task? _tick;
    private long _movedAt = time.GetTimestamp();
    private uint _tail = Boundary;
    private bool _isCommentDue;

    private static ReadOnlySpan<byte> Comment => ": keep-alive\n\n"u8;

    /// <summary>What the tail is before the first byte: nothing came, so nothing can be cut in two.</summary>
    private const uint Boundary = '\n' << 8 | '\n';

    /// <summary>Whether the last byte was the end of an event: LF LF, CR CR or CR LF CR LF.</summary>
    private bool IsBetweenEvents =>
        (_tail & 0xFFFF) is Boundary or ('\r' << 8 | '\r') || (_tail & 0xFFFFFF) == ('\n' << 16 | '\r' << 8 | '\n');

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            await WaitAsync(cancellationToken);
            return 0;
        }

        if (_isCommentDue && buffer.Length >= Comment.Length)
        {
            _isCommentDue = false;
            Comment.CopyTo(buffer.Span);
            return Comment.Length;
        }

        if (_arrival is { } arrival)
        {
            _arrival = null;
            await arrival;
        }

        var read = await inner.ReadAsync(buffer, cancellationToken);
        Note(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_over.IsCancellationRequested)
        {
            _over.Cancel();
            _over.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Returns when the server has sent something, or when it is time for a comment.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_arrival is null)
        {
            var read = inner.ReadAsync(Memory<byte>.Empty, cancellationToken);
            if (read.IsCompletedSuccessfully)
            {
                return;
            }

            _arrival = read.AsTask();
        }

        while (!_arrival.IsCompleted)
        {
            _tick ??= Task.Delay(interval - time.GetElapsedTime(_movedAt), time, _over.Token);
            await Task.WhenAny(_arrival, _tick);
            if (!_tick.IsCompleted)
            {
                continue;
            }

            // A tick outlives many events; it only counts when nothing moved since it began.
            _tick = null;
            if (time.GetElapsedTime(_movedAt) >= interval)
            {
                _movedAt = time.GetTimestamp();
                _isCommentDue = IsBetweenEvents;
                if (_isCommentDue)
                {
                    return;
                }
            }
        }

        await _arrival;
        _arrival = null;
    }

    private void Note(ReadOnlySpan<byte> read)
    {
        _movedAt = time.GetTimestamp();
        foreach (var last in read.Length > 3 ? read[^3..] : read)
        {
            _tail = (_tail << 8) | last;
        }
    }
}
