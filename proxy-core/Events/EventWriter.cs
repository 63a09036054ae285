using System.Buffers;
using System.Text.Json;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Events;

/// <summary>Writes events as newline-delimited JSON from a task of its own: a slow reader costs events, which are counted, and not requests.</summary>
public sealed class EventWriter : IEventSink, IAsyncDisposable
{
    // Bounded: a reader that stops reading must not fill the memory. The newest events are dropped and counted.
    private const int MaxWaiting = 8192;

    private static readonly byte[] s_lineEnd = "\n"u8.ToArray();

    private readonly TimeProvider _time;
    private readonly QueuedWriter<McpEvent> _lines;

    /// <param name="output">Where lines go; standard output as a rule. It is not closed.</param>
    /// <param name="time">Dates what is missing.</param>
    public EventWriter(Stream output, TimeProvider time)
    {
        _time = time;
        _lines = new QueuedWriter<McpEvent>(output, MaxWaiting, Append, AppendDropped, time);
    }

    /// <summary>Events that the reader was too slow for, since the start.</summary>
    public long Dropped => _lines.Dropped;

    public void Write(Guid id, McpEvent mcpEvent) => _lines.Write(mcpEvent);

    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    private static void Append(IBufferWriter<byte> lines, McpEvent mcpEvent)
    {
        lines.Write(JsonSerializer.SerializeToUtf8Bytes(mcpEvent, EventJson.Default.McpEvent));
        lines.Write(s_lineEnd);
    }

    private void AppendDropped(IBufferWriter<byte> lines, long count)
    {
        var dropped = new DroppedEvents(McpEvent.Timestamp(_time.GetUtcNow()), EventTypes.EventsDropped, count);
        lines.Write(JsonSerializer.SerializeToUtf8Bytes(dropped, EventJson.Default.DroppedEvents));
        lines.Write(s_lineEnd);
    }
}
