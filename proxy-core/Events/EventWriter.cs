using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;

namespace Tunnel.ProxyCore.Events;

/// <summary>Writes events as newline-delimited JSON from a task of its own: a slow reader costs events, which are counted, and not requests.</summary>
public sealed class EventWriter : IEventSink, IAsyncDisposable
{
    // Bounded: a reader that stops reading must not fill the memory. The newest events are dropped and counted.
    private const int MaxWaiting = 8192;

    /// <summary>How long stopping waits for a reader that does not read.</summary>
    private static readonly TimeSpan s_flushLimit = TimeSpan.FromSeconds(2);

    private static readonly byte[] s_lineEnd = "\n"u8.ToArray();

    private readonly Channel<McpEvent> _waiting = Channel.CreateBounded<McpEvent>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    private readonly Stream _output;
    private readonly TimeProvider _time;
    private readonly Task _writing;
    private long _dropped;
    private long _droppedInAll;

    /// <param name="output">Where lines go; standard output as a rule. It is not closed.</param>
    public EventWriter(Stream output, TimeProvider time)
    {
        _output = output;
        _time = time;
        _writing = WriteAsync();
    }

    /// <summary>Events that the reader was too slow for, since the start.</summary>
    public long Dropped => Interlocked.Read(ref _droppedInAll);

    public void Write(McpEvent mcpEvent)
    {
        if (!_waiting.Writer.TryWrite(mcpEvent))
        {
            Interlocked.Increment(ref _dropped);
            Interlocked.Increment(ref _droppedInAll);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(s_flushLimit, _time, CancellationToken.None));
    }

    private async Task WriteAsync()
    {
        var lines = new ArrayBufferWriter<byte>(1024);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync())
            {
                while (_waiting.Reader.TryRead(out var mcpEvent))
                {
                    Append(lines, mcpEvent);
                }

                await _output.WriteAsync(lines.WrittenMemory);
                await _output.FlushAsync();
                lines.ResetWrittenCount();
            }
        }
        catch (IOException)
        {
            // Nobody reads any more (a closed pipe). Requests go on; events have nowhere to go.
            _waiting.Writer.TryComplete();
        }
    }

    private void Append(ArrayBufferWriter<byte> lines, McpEvent mcpEvent)
    {
        if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var count)
        {
            var dropped = new DroppedEvents(McpEvent.Timestamp(_time.GetUtcNow()), EventTypes.EventsDropped, count);
            lines.Write(JsonSerializer.SerializeToUtf8Bytes(dropped, EventJson.Default.DroppedEvents));
            lines.Write(s_lineEnd);
        }

        lines.Write(JsonSerializer.SerializeToUtf8Bytes(mcpEvent, EventJson.Default.McpEvent));
        lines.Write(s_lineEnd);
    }
}
