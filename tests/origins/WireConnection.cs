using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Tunnel.Tests.Origins;

/// <summary>
/// A TCP connection that is read all the time, so that its end is noticed even while nobody asks for bytes.
/// Bounded by <see cref="ReceiveBuffer"/>: once that much lies unread the peer is held back, and its end is seen later.
/// </summary>
internal sealed class WireConnection : IAsyncDisposable
{
    private const int ReceiveBuffer = 64 * 1024;
    private const int LongestHead = 1024 * 1024;

    private readonly Socket _socket;
    private readonly Pipe _received = new(
        new PipeOptions(pauseWriterThreshold: ReceiveBuffer, resumeWriterThreshold: ReceiveBuffer / 2, useSynchronizationContext: false)
    );
    private readonly TaskCompletionSource<ConnectionEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _pump;
    private volatile bool _abortedHere;

    public WireConnection(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _pump = PumpAsync();
    }

    public Task<ConnectionEnd> Closed => _closed.Task;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancellationToken)..];
        }
    }

    /// <summary>The bytes that have come, at most <paramref name="limit"/> of them; none at the end of the connection.</summary>
    public async ValueTask<byte[]> ReceiveAsync(long limit, CancellationToken cancellationToken)
    {
        var result = await _received.Reader.ReadAsync(cancellationToken);
        var taken = result.Buffer.Slice(0, Math.Min(limit, result.Buffer.Length));
        var bytes = taken.ToArray();
        _received.Reader.AdvanceTo(taken.End);
        return bytes;
    }

    /// <summary>The bytes up to and with the delimiter, or null if the connection ends before it.</summary>
    public async ValueTask<byte[]?> ReceiveThroughAsync(ReadOnlyMemory<byte> delimiter, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await _received.Reader.ReadAsync(cancellationToken);
            if (LengthThrough(result.Buffer, delimiter.Span) is { } length)
            {
                var taken = result.Buffer.Slice(0, length);
                var bytes = taken.ToArray();
                _received.Reader.AdvanceTo(taken.End);
                return bytes;
            }

            _received.Reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted)
            {
                return null;
            }

            if (result.Buffer.Length > LongestHead)
            {
                throw new InvalidDataException($"no end of line or head within {LongestHead} bytes");
            }
        }
    }

    /// <summary>Reads and forgets what still comes, until the peer closes.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while ((await ReceiveAsync(long.MaxValue, cancellationToken)).Length > 0)
        {
            // Only the end matters.
        }
    }

    /// <summary>Sends FIN.</summary>
    public void ShutdownSend()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The other side, or an abort on this one, was faster.
        }
    }

    /// <summary>Sends RST.</summary>
    public void Abort()
    {
        _abortedHere = true;
        try
        {
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            _socket.Close();
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }

        _received.Writer.CancelPendingFlush();
    }

    public async ValueTask DisposeAsync()
    {
        _abortedHere = true;
        _socket.Dispose();
        _received.Writer.CancelPendingFlush();
        await _pump;
    }

    private static long? LengthThrough(ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> delimiter)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryReadTo(out ReadOnlySequence<byte> _, delimiter) ? reader.Consumed : null;
    }

    private async Task PumpAsync()
    {
        var end = ConnectionEnd.Closed;
        try
        {
            int count;
            while ((count = await _socket.ReceiveAsync(_received.Writer.GetMemory(), SocketFlags.None)) > 0)
            {
                _received.Writer.Advance(count);
                await _received.Writer.FlushAsync();
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            end = ConnectionEnd.Reset;
        }

        // The end is known before the reader runs out of bytes, which then looks here for the reason.
        _closed.TrySetResult(_abortedHere ? ConnectionEnd.AbortedHere : end);
        await _received.Writer.CompleteAsync();
    }
}
