using System.Buffers;
using System.IO.Compression;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Events.Shipping;
using Tunnel.ProxyCore.History;

namespace Tunnel.Connector.Cloud;

/// <summary>Gathers lines and codes them.</summary>
internal sealed class BatchBuilder : IDisposable
{
    /// <summary>Events of one batch: a line is left for a loss, and the relay takes 1,000.</summary>
    public const int MaxEvents = 999;

    /// <summary>A batch is closed over this; with its last line it stays far below what the relay takes.</summary>
    private const int MaxPlainBytes = 512 * 1024;

    private readonly EventLineWriter _writer = new();
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);
    private BatchFigures _figures;

    public bool IsFull => _figures.Events >= MaxEvents || _lines.WrittenCount >= MaxPlainBytes;

    public bool IsEmpty => _figures.Lines == 0;

    /// <returns>False where the relay would not take it: it is longer than any event is.</returns>
    public bool TryAdd(Guid id, McpEvent mcpEvent)
    {
        _line.ResetWrittenCount();
        _writer.Write(_line, id, mcpEvent);
        if (_line.WrittenCount > EventLine.MaxEventBytes)
        {
            return false;
        }

        Add(new BatchFigures { Lines = 1, Events = 1 });
        return true;
    }

    /// <returns>False where the relay would not take it.</returns>
    public bool TryAdd(Guid id, ToolListing listing)
    {
        _line.ResetWrittenCount();
        _writer.Write(_line, id, listing);
        // What a server says of its tools is anybody's text, and a line that cannot be read costs all that are sent with it.
        if (!EventLineReader.TryRead(_line.WrittenSpan[..^1], out _, out _))
        {
            return false;
        }

        Add(new BatchFigures { Lines = 1 });
        return true;
    }

    public void AddLoss(Guid id, DateTimeOffset at, long count)
    {
        _line.ResetWrittenCount();
        _writer.Write(_line, id, new DroppedEvents(McpEvent.Timestamp(at), EventTypes.EventsDropped, count));
        Add(new BatchFigures { Lines = 1, Told = count });
    }

    /// <summary>What was gathered, and begins anew.</summary>
    public EventBatch Take()
    {
        var coded = GzipLines.Encode(_lines.WrittenSpan);
        return new EventBatch(coded, Discard());
    }

    /// <summary>Begins anew.</summary>
    /// <returns>What was gathered.</returns>
    public BatchFigures Discard()
    {
        var figures = _figures;
        _lines.ResetWrittenCount();
        _figures = default;
        return figures;
    }

    public void Dispose() => _writer.Dispose();

    private void Add(BatchFigures line)
    {
        _lines.Write(_line.WrittenSpan);
        _figures += line with { PlainBytes = _line.WrittenCount };
    }
}
