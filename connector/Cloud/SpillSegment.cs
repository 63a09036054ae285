using Tunnel.ProxyCore.Files;

namespace Tunnel.Connector.Cloud;

/// <summary>
/// Batches one after the other, in a file or, where none can be had, in memory. It only grows, and goes as a whole when all of it was sent.
/// Not for several threads at once.
/// </summary>
internal sealed class SpillSegment : IDisposable
{
    private readonly Stream _content;
    private readonly Queue<SpillRecord> _waiting = new();

    private SpillSegment(Stream content, string? path)
    {
        _content = content;
        Path = path;
    }

    /// <summary>Null in memory.</summary>
    public string? Path { get; }

    public long Length => _content.Length;

    /// <summary>Batches that were not sent yet, the oldest first.</summary>
    public IReadOnlyCollection<SpillRecord> Waiting => _waiting;

    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not.</exception>
    public static SpillSegment Create(string path) => new(PrivateFile.Make(path), path);

    public static SpillSegment InMemory() => new(new MemoryStream(), path: null);

    /// <summary>Opens what another run has left. What is torn, as of a run that was killed while it wrote, is not read.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be.</exception>
    public static SpillSegment Open(string path)
    {
        var segment = new SpillSegment(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0), path);
        var bytes = new byte[segment.Length];
        segment._content.ReadExactly(bytes);
        for (var at = 0; SpillRecord.Read(bytes, at) is { } record; at += record.Size)
        {
            segment._waiting.Enqueue(record);
        }

        return segment;
    }

    /// <summary>Hands a batch to the system.</summary>
    /// <exception cref="IOException">The disk does not take it; nothing of it is left.</exception>
    public void Append(EventBatch batch)
    {
        var start = _content.Length;
        try
        {
            _content.Position = start;
            // Both in one write: a kill in between would leave a header that tells nothing.
            _content.Write([.. SpillRecord.HeaderOf(batch), .. batch.Coded.Span]);
        }
        catch (IOException)
        {
            // Half a batch would hide those behind it from the next run.
            _content.SetLength(start);
            throw;
        }

        _waiting.Enqueue(new SpillRecord(start + SpillRecord.HeaderLength, batch.Coded.Length, batch.Figures));
    }

    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[] Read(SpillRecord record)
    {
        var coded = new byte[record.Length];
        _content.Position = record.Offset;
        _content.ReadExactly(coded);
        return coded;
    }

    /// <summary>Forgets the oldest batches.</summary>
    public void Remove(int count)
    {
        for (; count > 0; count--)
        {
            _waiting.Dequeue();
        }
    }

    /// <summary>Begins anew, when all of it was sent.</summary>
    public void Clear() => _content.SetLength(0);

    /// <summary>Ends it for good.</summary>
    public void Delete()
    {
        Dispose();
        if (Path is not null)
        {
            File.Delete(Path);
        }
    }

    public void Dispose() => _content.Dispose();
}
