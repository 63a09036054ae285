using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Exchanges;

/// <summary>
/// The body of a request as its caller sends it. Giving up waiting for more of it leaves it as it was, so that it can be read on for the
/// next attempt to send it; a read of Kestrel's own stream that is cancelled ends an HTTP/1.1 body for good.
/// </summary>
internal readonly struct CallerBody(HttpRequest request)
{
    private readonly PipeReader _reader = request.BodyReader;

    /// <returns>How much was read; 0 at the end.</returns>
    /// <exception cref="OperationCanceledException">Nothing came before the token was cancelled; nothing is lost.</exception>
    /// <exception cref="IOException">The caller went away or broke the framing of its body.</exception>
    // Pooled, as what waits for it is: there is a read for every piece of a body.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await ReadPipeAsync(cancellationToken);
            var count = (int)Math.Min(result.Buffer.Length, buffer.Length);
            var piece = result.Buffer.Slice(0, count);
            piece.CopyTo(buffer.Span);
            _reader.AdvanceTo(piece.End);
            if (count > 0 || result.IsCompleted || (buffer.IsEmpty && !result.IsCanceled))
            {
                return count;
            }

            // Interrupted: now, or at the end of an earlier read that had its answer by then.
        }
    }

    /// <summary>Whether the next read will be answered at once. Nothing is read.</summary>
    public bool HasArrived()
    {
        try
        {
            if (!_reader.TryRead(out var result))
            {
                return false;
            }

            _reader.AdvanceTo(result.Buffer.Start);
            return !result.Buffer.IsEmpty || result.IsCompleted;
        }
        catch (Exception unreadable) when (unreadable is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Whoever reads it gets to know.
            return false;
        }
    }

    private ValueTask<ReadResult> ReadPipeAsync(CancellationToken cancellationToken)
    {
        var reading = _reader.ReadAsync(CancellationToken.None);
        return reading.IsCompleted || !cancellationToken.CanBeCanceled ? reading : WaitAsync(reading, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> reading, CancellationToken cancellationToken)
    {
        await using var interruption = cancellationToken.UnsafeRegister(
            static reader => ((PipeReader)reader!).CancelPendingRead(),
            _reader
        );
        return await reading;
    }
}
