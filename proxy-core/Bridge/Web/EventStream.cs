namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>
/// One event stream of a session: what was sent on it, as long as the session keeps it, and at most one reader. A reader that goes away can
/// come back, or another one takes its place; what it has not seen is there.
/// </summary>
internal sealed class EventStream
{
    /// <summary>How many bytes may wait for a reader until the server has to wait as well.</summary>
    private const int MaxUnread = 1 << 20;

    /// <summary>How long the server waits for a reader that does not read, until the reader is dropped.</summary>
    public static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(10);

    private readonly ResumableStreams _owner;
    private readonly List<ReadOnlyMemory<byte>> _frames = [];
    private long _first;
    private long _unread;
    private long _seen = -1;
    private EventStreamReader? _reader;
    private bool _hasEnded;
    private TaskCompletionSource? _room;

    public EventStream(ResumableStreams owner, int number)
    {
        _owner = owner;
        Number = number;
    }

    public int Number { get; }

    // Of the session, so that its streams can be weighed against each other.
    private Lock Lock => _owner.Lock;

    public bool HasReader
    {
        get
        {
            lock (Lock)
            {
                return _reader is not null;
            }
        }
    }

    /// <summary>The number of the last event that any reader got.</summary>
    public long Seen
    {
        get
        {
            lock (Lock)
            {
                return _seen;
            }
        }
    }

    public bool HasEnded
    {
        get
        {
            lock (Lock)
            {
                return _hasEnded;
            }
        }
    }

    /// <summary>Sends a message, and waits while the reader is far behind.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        Task? room;
        lock (Lock)
        {
            var id = _owner.HasIds ? EventFrame.IdOf(Number, _first + _frames.Count) : null;
            AddUnsynchronized(EventFrame.Of(id, message));
            room = _reader is not null && _unread > MaxUnread ? (_room ??= NewSignal()).Task : null;
        }

        if (room is null)
        {
            return;
        }

        try
        {
            await room.WaitAsync(StallLimit, _owner.Time);
        }
        catch (TimeoutException)
        {
            DropStalledReader();
        }
    }

    /// <summary>Sends the event from which clients can resume.</summary>
    public void Prime()
    {
        lock (Lock)
        {
            AddUnsynchronized(EventFrame.Priming(EventFrame.IdOf(Number, _first + _frames.Count)));
        }
    }

    /// <summary>Sends a frame as it is.</summary>
    public void Add(ReadOnlyMemory<byte> frame)
    {
        lock (Lock)
        {
            AddUnsynchronized(frame);
        }
    }

    /// <summary>Nothing will follow.</summary>
    public void End()
    {
        lock (Lock)
        {
            _hasEnded = true;
            _reader?.Wake();
            FreeUnsynchronized();
        }
    }

    /// <summary>Begins to read, in place of whoever did.</summary>
    /// <param name="after">The number of the last event that the reader has; -1 for none.</param>
    public EventStreamBody Read(long after = -1)
    {
        lock (Lock)
        {
            _reader?.Drop();
            _reader = new EventStreamReader(Math.Max(after + 1, _first));
            _unread = UnreadUnsynchronized(_reader.Next);
            return new EventStreamBody(this, _reader);
        }
    }

    /// <summary>The next frame for a reader; null at the end. While there is none, the task of the reader's signal ends when to ask again.</summary>
    internal bool TryNext(EventStreamReader reader, out ReadOnlyMemory<byte> frame)
    {
        lock (Lock)
        {
            frame = default;
            if (reader.IsDropped)
            {
                return true;
            }

            // Events that were dropped before they were read are gone.
            reader.Next = Math.Max(reader.Next, _first);
            if (reader.Next < _first + _frames.Count)
            {
                frame = _frames[(int)(reader.Next - _first)];
                _seen = Math.Max(_seen, reader.Next);
                reader.Next++;
                _unread -= frame.Length;
                if (_unread <= MaxUnread / 2)
                {
                    FreeUnsynchronized();
                }

                return true;
            }

            reader.Rest();
            return _hasEnded;
        }
    }

    internal void Leave(EventStreamReader reader)
    {
        lock (Lock)
        {
            reader.Drop();
            if (_reader == reader)
            {
                _reader = null;
                FreeUnsynchronized();
            }
        }
    }

    /// <summary>Forgets the oldest event that a reader is not about to get.</summary>
    /// <returns>How many bytes that freed; 0 when there is no such event.</returns>
    internal int ForgetUnsynchronized()
    {
        if (_frames.Count == 0 || (_reader is not null && _reader.Next <= _first))
        {
            return 0;
        }

        var length = _frames[0].Length;
        _frames.RemoveAt(0);
        _first++;
        return length;
    }

    internal bool IsOverUnsynchronized => _hasEnded && _frames.Count == 0;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void AddUnsynchronized(ReadOnlyMemory<byte> frame)
    {
        if (_hasEnded)
        {
            return;
        }

        _frames.Add(frame);
        if (_reader is not null)
        {
            _unread += frame.Length;
            _reader.Wake();
        }

        _owner.AddedUnsynchronized(frame.Length);
    }

    private long UnreadUnsynchronized(long from)
    {
        var unread = 0L;
        for (var index = (int)(from - _first); index < _frames.Count; index++)
        {
            unread += _frames[index].Length;
        }

        return unread;
    }

    private void FreeUnsynchronized()
    {
        _room?.TrySetResult();
        _room = null;
    }

    private void DropStalledReader()
    {
        lock (Lock)
        {
            if (_reader is { } stalled && _unread > MaxUnread)
            {
                _owner.Metrics.Dropped(Dropped.StalledCaller);
                stalled.Drop();
                _reader = null;
            }

            FreeUnsynchronized();
        }
    }
}
