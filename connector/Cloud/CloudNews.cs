using Tunnel.Connector.Terminal;

namespace Tunnel.Connector.Cloud;

/// <summary>Tells people how sending fares: every change once, and losses at most once a minute.</summary>
/// <param name="say">Gets lines for people.</param>
/// <param name="time">The clock.</param>
internal sealed class CloudNews(Action<string> say, TimeProvider time)
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private string? _trouble;
    private bool _isKept = true;
    private long _lost;
    private long? _toldAt;

    public void Say(string message) => say($"cloud: {message}");

    /// <summary>Nothing can be sent for now.</summary>
    public void Fails(string trouble)
    {
        lock (_lock)
        {
            if (trouble == _trouble)
            {
                return;
            }

            _trouble = trouble;
        }

        Say($"{trouble}; events wait on this machine");
    }

    /// <summary>The relay has taken something.</summary>
    public void Works()
    {
        lock (_lock)
        {
            if (_trouble is null)
            {
                return;
            }

            _trouble = null;
        }

        Say("events are sent again");
    }

    /// <summary>What waits is not on the disk.</summary>
    public void NotKept(string reason)
    {
        if (_isKept)
        {
            _isKept = false;
            Say($"events that wait cannot be written to the disk, and would be lost with this mcpr: {reason}");
        }
    }

    /// <summary>What waited was too much.</summary>
    public void Overflowed(long events, long maxBytes) => Lost(events, $"more than {Units.Size(maxBytes)} waited");

    public void Lost(long events, string reason)
    {
        lock (_lock)
        {
            _lost += events;
            if (_lost == 0 || (_toldAt is { } at && time.GetElapsedTime(at) < s_quiet))
            {
                return;
            }

            (events, _lost, _toldAt) = (_lost, 0, time.GetTimestamp());
        }

        Say($"{events} events were dropped: {reason}");
    }
}
