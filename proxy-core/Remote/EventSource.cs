using System.Net.ServerSentEvents;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Remote;

/// <summary>Reads the events of a server (the event stream format of HTML, section 9.2), with bounds for their size and for silence.</summary>
internal sealed class EventSource
{
    private readonly Budget _budget;
    private readonly SseParser<byte[]> _parser;

    /// <param name="body">The body of the response.</param>
    /// <param name="maxEvent">The largest event, in bytes.</param>
    /// <param name="silence">How long nothing may come, comments included; null for ever.</param>
    /// <param name="time">By what the silence goes.</param>
    public EventSource(Stream body, int maxEvent, TimeSpan? silence, TimeProvider time)
    {
        _budget = new Budget(maxEvent);
        _parser = SseParser.Create(new BoundedBody(body, _budget, silence, time), (_, data) => data.ToArray());
    }

    /// <summary>From where the stream can be resumed; null when the server did not say.</summary>
    public string? LastEventId => _parser.LastEventId is { Length: > 0 } id ? id : null;

    /// <summary>How long the server wants clients to wait before they come back; null when it did not say.</summary>
    public TimeSpan? RetryAfter => _parser.ReconnectionInterval > TimeSpan.Zero ? _parser.ReconnectionInterval : null;

    /// <summary>Hands on every event that has data, until the stream ends.</summary>
    /// <exception cref="TimeoutException">Nothing came for too long.</exception>
    /// <exception cref="IOException">The stream broke.</exception>
    /// <exception cref="InvalidDataException">An event is too large.</exception>
    public async Task ReadAsync(Func<string, ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellationToken)
    {
        await foreach (var item in _parser.EnumerateAsync(cancellationToken))
        {
            _budget.Renew();
            if (item.Data.Length > 0)
            {
                await take(item.EventType, item.Data);
            }
        }
    }

    /// <summary>How much of an event was read.</summary>
    private sealed class Budget(int maxEvent)
    {
        private long _read;

        public void Renew() => _read = 0;

        public void Spend(int count, int piece)
        {
            _read += count;
            // What was read may be the end of one event and the beginning of the next, so a piece more is no error.
            if (_read > (long)maxEvent + piece)
            {
                throw new InvalidDataException($"the server sent an event of more than {maxEvent} bytes");
            }
        }
    }

    private sealed class BoundedBody(Stream inner, Budget budget, TimeSpan? silence, TimeProvider time) : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var reading = inner.ReadAsync(buffer, cancellationToken).AsTask();
            var count = await (silence is { } limit ? reading.WaitAsync(limit, time, cancellationToken) : reading);
            budget.Spend(count, buffer.Length);
            return count;
        }
    }
}
