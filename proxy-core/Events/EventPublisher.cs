using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Exchanges;

namespace Tunnel.ProxyCore.Events;

/// <summary>Where events come together: finished exchanges, and what happens without one. Without a sink it does nothing.</summary>
internal sealed partial class EventPublisher(IEnumerable<IEventSink> sinks, TimeProvider time, ILogger<EventPublisher> logger)
    : IExchangeSink
{
    private readonly IEventSink[] _sinks = [.. sinks];

    /// <summary>Whether anybody listens; who does not ask may build an event for nobody.</summary>
    public bool IsHeard => _sinks.Length > 0;

    public void Record(ExchangeRecord exchange)
    {
        if (IsHeard)
        {
            Publish(EventFactory.Create(exchange));
        }
    }

    public void Publish(McpEvent mcpEvent)
    {
        if (!IsHeard)
        {
            return;
        }

        var id = EventId.At(time.GetUtcNow());
        foreach (var sink in _sinks)
        {
            try
            {
                sink.Write(id, mcpEvent);
            }
            catch (Exception failed)
            {
                // A sink may be anybody's; what is wrong with it must not become the caller's problem.
                Log.SinkFailed(logger, sink.GetType(), failed);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Error, "event sink {Sink} failed")]
        public static partial void SinkFailed(ILogger logger, Type sink, Exception failed);
    }
}
