namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>
/// The event streams of one session and what is kept of them. Bounded by events and bytes over all of them: the oldest go first, those of a
/// stream that nobody reads before they were seen, which is counted.
/// </summary>
internal sealed class ResumableStreams
{
    /// <summary>The stream of messages that belong to no request; a GET reads it.</summary>
    public const int Unrelated = 0;

    private const int MaxKeptBytes = 16 << 20;

    private readonly int _maxEvents;
    private readonly List<EventStream> _streams = [];
    private int _lastNumber = Unrelated;
    private long _bytes;
    private int _events;

    public ResumableStreams(int maxEvents, BridgeMetrics metrics, TimeProvider time, bool hasIds = true)
    {
        _maxEvents = maxEvents;
        HasIds = hasIds;
        Metrics = metrics;
        Time = time;
        Own = new EventStream(this, Unrelated);
        _streams.Add(Own);
    }

    /// <summary>The stream that lasts as long as the session.</summary>
    public EventStream Own { get; }

    /// <summary>Whether events have ids, so that a stream can be resumed.</summary>
    public bool HasIds { get; }

    public BridgeMetrics Metrics { get; }

    public TimeProvider Time { get; }

    internal Lock Lock { get; } = new();

    public bool HasReaders => Snapshot().Any(stream => stream.HasReader);

    public EventStream Open()
    {
        lock (Lock)
        {
            var stream = new EventStream(this, ++_lastNumber);
            _streams.Add(stream);
            return stream;
        }
    }

    public EventStream? Find(int number)
    {
        lock (Lock)
        {
            return _streams.Find(stream => stream.Number == number);
        }
    }

    public void EndAll()
    {
        foreach (var stream in Snapshot())
        {
            stream.End();
        }
    }

    internal void AddedUnsynchronized(int length)
    {
        _bytes += length;
        _events++;
        if (_events <= _maxEvents && _bytes <= MaxKeptBytes)
        {
            return;
        }

        for (var index = 0; index < _streams.Count && (_events > _maxEvents || _bytes > MaxKeptBytes); )
        {
            var stream = _streams[index];
            var freed = stream.ForgetUnsynchronized();
            if (freed > 0)
            {
                _bytes -= freed;
                _events--;
            }
            else
            {
                index++;
            }
        }

        _streams.RemoveAll(stream => stream.IsOverUnsynchronized && stream != Own);
    }

    private EventStream[] Snapshot()
    {
        lock (Lock)
        {
            return [.. _streams];
        }
    }
}
