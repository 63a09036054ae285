namespace Tunnel.Connector.Cloud;

/// <summary>Batches that wait, in segments of this run, and how much of them may. Not for several threads at once.</summary>
/// <param name="folder">Where files go.</param>
/// <param name="maxBytes">How much may wait.</param>
/// <param name="losses">Counts what is too much.</param>
/// <param name="news">Tells people of it.</param>
/// <param name="time">The clock.</param>
internal sealed class SpillQueue(string folder, long maxBytes, Losses losses, CloudNews news, TimeProvider time) : IDisposable
{
    /// <summary>Where no file can be written, this much waits in memory.</summary>
    private const long MaxInMemory = 8 << 20;

    private const long LongestSegment = 1 << 20;

    /// <summary>A segment goes as a whole, so there have to be some before all is too much.</summary>
    private const int SegmentsAtLeast = 16;

    // The oldest first. Bounded by the bytes in them.
    private readonly List<SpillSegment> _segments = [];

    private SpillLock? _own;
    private SpillSegment? _growing;
    private SpillSegment? _sending;

    public long Bytes => _segments.Sum(segment => segment.Length);

    /// <summary>Puts a batch behind all others, in memory where it has to be. What is too much then goes, the oldest first.</summary>
    public void Append(EventBatch batch)
    {
        if (!TryAppend(batch))
        {
            // A full disk, or a folder that is gone. The next segment is tried on the disk again.
            _growing = SpillSegment.InMemory();
            _segments.Add(_growing);
            _growing.Append(batch);
            CompleteSegment();
        }
    }

    /// <returns>False where the disk does not take it.</returns>
    public bool TryAppend(EventBatch batch)
    {
        try
        {
            if (_growing is null)
            {
                _own ??= SpillLock.Create(folder, time.GetUtcNow());
                _growing = SpillSegment.Create(_own.NextSegment());
                _segments.Add(_growing);
            }

            _growing.Append(batch);
            CompleteSegment();
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            news.NotKept(refused.Message);
            return false;
        }
    }

    /// <summary>The oldest batches, as <see cref="Parcel.Read"/> puts them together. They stay until they are taken out.</summary>
    /// <returns>Null where nothing waits.</returns>
    public Parcel? Peek(int maxLines)
    {
        while (_segments.Find(segment => segment.Waiting.Count > 0) is { } oldest)
        {
            if (Parcel.Read(oldest, maxLines) is { } parcel)
            {
                _sending = oldest;
                return parcel;
            }

            news.Say("some of the events that wait cannot be read from the disk any more");
            Drop(oldest);
        }

        return null;
    }

    /// <summary>Takes out what <see cref="Peek"/> gave last.</summary>
    public void TakeOut(Parcel parcel)
    {
        var segment = _sending!;
        _sending = null;
        segment.Remove(parcel.Count);
        if (segment.Waiting.Count > 0)
        {
            return;
        }

        if (segment == _growing && segment.Path is not null)
        {
            segment.Clear();
        }
        else
        {
            Delete(segment);
        }
    }

    /// <summary>Leaves what waits to the next run.</summary>
    public void Dispose()
    {
        foreach (var segment in _segments.ToArray())
        {
            if (segment.Waiting.Count == 0)
            {
                Delete(segment);
            }

            segment.Dispose();
        }

        if (_own?.FindSegments().Count == 0)
        {
            _own.Delete();
        }

        _own?.Dispose();
    }

    /// <summary>Begins another segment where the last one is long enough, and makes room.</summary>
    private void CompleteSegment()
    {
        if (_growing!.Length >= Math.Min(LongestSegment, maxBytes / SegmentsAtLeast))
        {
            _growing = null;
        }

        MakeRoom(_segments, maxBytes);
        MakeRoom(_segments.Where(segment => segment.Path is null), MaxInMemory);
    }

    /// <summary>Drops the oldest until the rest is not too much. What is being sent stays, and so does what grows.</summary>
    private void MakeRoom(IEnumerable<SpillSegment> some, long most)
    {
        var bytes = some.Sum(segment => segment.Length);
        foreach (var oldest in some.Where(segment => segment != _sending && segment != _growing).ToArray())
        {
            if (bytes <= most)
            {
                return;
            }

            bytes -= oldest.Length;
            news.Overflowed(oldest.Waiting.Sum(record => record.Figures.Events), most);
            Drop(oldest);
        }
    }

    private void Drop(SpillSegment segment)
    {
        foreach (var record in segment.Waiting)
        {
            losses.Add(record.Figures);
        }

        Delete(segment);
    }

    private void Delete(SpillSegment segment)
    {
        _segments.Remove(segment);
        _growing = _growing == segment ? null : _growing;
        try
        {
            segment.Delete();
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // It is sent again by whoever takes it over, which does no harm.
        }
    }
}
