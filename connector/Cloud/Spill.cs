using System.Threading.Channels;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Cloud;

/// <summary>
/// What waits to be sent, in files, so that it outlives this run: batches are written here before they are sent, and taken out when the relay has them.
/// A kill loses nothing that the system was given; what was sent and not taken out yet is sent once more, which the relay knows by its ids.
/// Every run has files of its own, and takes over those of runs that have ended. One appends, one takes out.
/// </summary>
internal sealed class Spill : IDisposable
{
    /// <summary>Where no file can be written, this much waits in memory.</summary>
    private const long MaxInMemory = 8 << 20;

    private const long LongestSegment = 1 << 20;

    /// <summary>A segment goes as a whole, so there have to be some before all is too much.</summary>
    private const int SegmentsAtLeast = 16;

    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly Losses _losses;
    private readonly CloudNews _news;
    private readonly TimeProvider _time;

    // The oldest first. Bounded by the bytes in them.
    private readonly List<SpillSegment> _segments = [];
    private readonly Channel<bool> _appended = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private SpillLock? _own;
    private SpillSegment? _growing;
    private SpillSegment? _sending;

    /// <param name="folder">Where files go, for one server at one relay.</param>
    /// <param name="maxBytes">How much may wait, of this run and of those it has taken over.</param>
    /// <param name="losses">Counts what is too much.</param>
    /// <param name="news">Tells people of it.</param>
    /// <param name="time">The clock.</param>
    public Spill(string folder, long maxBytes, Losses losses, CloudNews news, TimeProvider time) =>
        (_folder, _maxBytes, _losses, _news, _time) = (folder, maxBytes, losses, news, time);

    /// <summary>Bytes that wait.</summary>
    public long WaitingBytes
    {
        get
        {
            lock (_lock)
            {
                return _segments.Sum(segment => segment.Length);
            }
        }
    }

    /// <summary>Writes a batch behind all others. What is too much then goes, the oldest first.</summary>
    public void Append(EventBatch batch)
    {
        lock (_lock)
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

        _appended.Writer.TryWrite(true);
    }

    /// <summary>Ends when something was appended since the last time, or after a time.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(atMost, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _appended.Reader.ReadAsync(both.Token);
        }
        catch (OperationCanceledException)
        {
            // Nothing was, which is what the caller looks for.
        }
    }

    /// <summary>The oldest batches; as many as the relay takes at once. They stay until they are taken out.</summary>
    /// <param name="maxLines">Their lines, unless the first one alone has more.</param>
    /// <returns>Null where nothing waits.</returns>
    public Parcel? Peek(int maxLines)
    {
        lock (_lock)
        {
            while (_segments.Find(segment => segment.Waiting.Count > 0) is { } oldest)
            {
                if (TryRead(oldest, maxLines) is { } parcel)
                {
                    _sending = oldest;
                    return parcel;
                }

                _news.Say("some of the events that wait cannot be read from the disk any more");
                Drop(oldest);
            }

            return null;
        }
    }

    /// <summary>Takes out what <see cref="Peek"/> gave last.</summary>
    public void TakeOut(Parcel parcel)
    {
        lock (_lock)
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
    }

    /// <summary>Takes over what runs have left that have ended, by putting it behind what waits here.</summary>
    public void TakeOver()
    {
        lock (_lock)
        {
            try
            {
                foreach (var left in SpillLock.TakeLeft(_folder))
                {
                    if (!TryTakeOver(left))
                    {
                        return;
                    }
                }
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                _news.Say($"what an earlier run has left to send cannot be read: {unreadable.Message}");
            }
        }

        _appended.Writer.TryWrite(true);
    }

    /// <summary>Leaves what waits to the next run.</summary>
    public void Dispose()
    {
        lock (_lock)
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
    }

    /// <returns>False where the disk does not take it; then it stays where it is.</returns>
    private bool TryTakeOver(SpillLock left)
    {
        using (left)
        {
            foreach (var path in left.FindSegments())
            {
                using var segment = SpillSegment.Open(path);
                foreach (var record in segment.Waiting)
                {
                    // A kill from here on leaves it in both, to be sent twice, which the relay knows by its ids.
                    if (!TryAppend(new EventBatch(segment.Read(record), record.Figures)))
                    {
                        return false;
                    }
                }

                segment.Delete();
            }

            left.Delete();
            return true;
        }
    }

    private bool TryAppend(EventBatch batch)
    {
        try
        {
            if (_growing is null)
            {
                _own ??= SpillLock.Create(_folder, _time.GetUtcNow());
                _growing = SpillSegment.Create(_own.NextSegment());
                _segments.Add(_growing);
            }

            _growing.Append(batch);
            CompleteSegment();
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            _news.NotKept(refused.Message);
            return false;
        }
    }

    /// <summary>Begins another segment where the last one is long enough, and makes room.</summary>
    private void CompleteSegment()
    {
        if (_growing!.Length >= Math.Min(LongestSegment, _maxBytes / SegmentsAtLeast))
        {
            _growing = null;
        }

        MakeRoom(_segments, _maxBytes);
        MakeRoom(_segments.Where(segment => segment.Path is null), MaxInMemory);
    }

    /// <returns>Null where it cannot be read.</returns>
    private static Parcel? TryRead(SpillSegment segment, int maxLines)
    {
        var (count, length, figures) = (0, 0, default(BatchFigures));
        foreach (var record in segment.Waiting)
        {
            var sum = figures + record.Figures;
            if (
                count > 0
                && (
                    sum.Lines > maxLines
                    || sum.PlainBytes > IngestProtocol.MaxPlainBytes
                    || length + record.Length > IngestProtocol.MaxBytes
                )
            )
            {
                break;
            }

            (count, length, figures) = (count + 1, length + record.Length, sum);
        }

        try
        {
            byte[] coded = [.. segment.Waiting.Take(count).SelectMany(segment.Read)];
            return new Parcel(new EventBatch(coded, figures), count);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Drops the oldest until the rest is not too much. What is being sent stays, and so does what grows.</summary>
    private void MakeRoom(IEnumerable<SpillSegment> some, long maxBytes)
    {
        var bytes = some.Sum(segment => segment.Length);
        foreach (var oldest in some.Where(segment => segment != _sending && segment != _growing).ToArray())
        {
            if (bytes <= maxBytes)
            {
                return;
            }

            bytes -= oldest.Length;
            _news.Overflowed(oldest.Waiting.Sum(record => record.Figures.Events), maxBytes);
            Drop(oldest);
        }
    }

    private void Drop(SpillSegment segment)
    {
        foreach (var record in segment.Waiting)
        {
            _losses.Add(record.Figures);
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
