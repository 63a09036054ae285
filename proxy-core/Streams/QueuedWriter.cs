using System.Buffers;
using System.Threading.Channels;

namespace Tunnel.ProxyCore.Streams;

/// <summary>
/// Writes items to an output from a task of its own: an output that is slow, that nobody reads or that fails costs items, which are counted,
/// and never who hands them over.
/// </summary>
public sealed class QueuedWriter<T> : IAsyncDisposable
{
    /// <summary>How long stopping waits for an output that takes nothing.</summary>
    private static readonly TimeSpan s_flushLimit = TimeSpan.FromSeconds(2);

    /// <summary>A batch ends after this many bytes, so that memory does not grow with what waits.</summary>
    private const int MaxBatchBytes = 64 * 1024;

    private readonly Channel<T> _waiting;
    private readonly Stream _output;
    private readonly Action<IBufferWriter<byte>, T> _format;
    private readonly Action<IBufferWriter<byte>, long> _formatDropped;
    private readonly TimeProvider _time;
    private readonly Task _writing;
    private long _dropped;
    private long _droppedInAll;

    /// <param name="output">Where items go. It is not closed.</param>
    /// <param name="maxWaiting">Items that wait for it, at most; the newest are dropped.</param>
    /// <param name="format">Writes an item, with its line end.</param>
    /// <param name="formatDropped">Says in the output itself how many are missing there.</param>
    /// <param name="time">For the time that stopping may take.</param>
    public QueuedWriter(
        Stream output,
        int maxWaiting,
        Action<IBufferWriter<byte>, T> format,
        Action<IBufferWriter<byte>, long> formatDropped,
        TimeProvider time
    )
    {
        _waiting = Channel.CreateBounded<T>(
            new BoundedChannelOptions(maxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
        );
        (_output, _format, _formatDropped, _time) = (output, format, formatDropped, time);
        _writing = WriteAsync();
    }

    /// <summary>Items that were lost since the start.</summary>
    public long Dropped => Interlocked.Read(ref _droppedInAll);

    public void Write(T item)
    {
        if (!_waiting.Writer.TryWrite(item))
        {
            Drop(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(s_flushLimit, _time, CancellationToken.None));
    }

    private async Task WriteAsync()
    {
        var batch = new ArrayBufferWriter<byte>(1024);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var missing = Interlocked.Exchange(ref _dropped, 0);
            if (missing > 0)
            {
                _formatDropped(batch, missing);
            }

            var count = 0;
            while (batch.WrittenCount < MaxBatchBytes && _waiting.Reader.TryRead(out var item))
            {
                _format(batch, item);
                count++;
            }

            try
            {
                await _output.WriteAsync(batch.WrittenMemory);
                await _output.FlushAsync();
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                // A closed pipe, a full disk, a folder that is gone: some of these end.
                Interlocked.Add(ref _dropped, missing);
                Drop(count);
            }

            batch.ResetWrittenCount();
        }
    }

    private void Drop(long count)
    {
        Interlocked.Add(ref _dropped, count);
        Interlocked.Add(ref _droppedInAll, count);
    }
}
