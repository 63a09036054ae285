using System.Threading.Channels;

namespace Tunnel.Connector.Cloud;

/// <summary>
/// What waits to be sent, in files, so that it outlives this run: batches are written here before they are sent, and taken out when the relay has them.
/// A kill loses nothing that the system was given; what was sent and not taken out yet is sent once more, which the relay knows by its ids.
/// Every run has files of its own, and takes over those of runs that have ended. One appends, one takes out.
/// </summary>
/// <param name="folder">Where files go, for one server at one relay.</param>
/// <param name="maxBytes">How much may wait, of this run and of those it has taken over.</param>
/// <param name="losses">Counts what is too much.</param>
/// <param name="news">Tells people of it.</param>
/// <param name="time">The clock.</param>
internal sealed class Spill(string folder, long maxBytes, Losses losses, CloudNews news, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SpillQueue _queue = new(folder, maxBytes, losses, news, time);
    private readonly Channel<bool> _appended = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Bytes that wait.</summary>
    public long WaitingBytes
    {
        get
        {
            lock (_lock)
            {
                return _queue.Bytes;
            }
        }
    }

    /// <summary>Writes a batch behind all others. What is too much then goes, the oldest first.</summary>
    public void Append(EventBatch batch)
    {
        lock (_lock)
        {
            _queue.Append(batch);
        }

        _appended.Writer.TryWrite(true);
    }

    /// <summary>Ends when something was appended since the last time, or after a time.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(atMost, time);
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
            return _queue.Peek(maxLines);
        }
    }

    /// <summary>Takes out what <see cref="Peek"/> gave last.</summary>
    public void TakeOut(Parcel parcel)
    {
        lock (_lock)
        {
            _queue.TakeOut(parcel);
        }
    }

    /// <summary>Takes over what runs have left that have ended, by putting it behind what waits here.</summary>
    public void TakeOver()
    {
        lock (_lock)
        {
            try
            {
                foreach (var left in SpillLock.TakeLeft(folder))
                {
                    if (!TryTakeOver(left))
                    {
                        return;
                    }
                }
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                news.Say($"what an earlier run has left to send cannot be read: {unreadable.Message}");
            }
        }

        _appended.Writer.TryWrite(true);
    }

    /// <summary>Leaves what waits to the next run.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _queue.Dispose();
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
                    if (!_queue.TryAppend(new EventBatch(segment.Read(record), record.Figures)))
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
}
