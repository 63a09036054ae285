using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Telemetry;

namespace Tunnel.ProxyCore.Clients;

/// <summary>Tells that sessions are over.</summary>
internal sealed class SessionEnds(EventPublisher events, McpMetrics metrics, TimeProvider time)
{
    /// <summary>Nothing came from the client for too long.</summary>
    public const string Idle = "idle";

    /// <summary>There were too many sessions to remember this one; it may well go on.</summary>
    public const string Evicted = "evicted";

    /// <summary>The client ended it. The exchange by which it did is the event.</summary>
    public void Closed(TimeSpan duration, string? protocolVersion) => metrics.SessionEnded(duration, protocolVersion);

    /// <summary>It ended without a word of the client.</summary>
    public void Ended(string session, OpenSession open, TimeSpan duration, string reason)
    {
        metrics.SessionEnded(duration, open.ProtocolVersion);
        if (reason == Evicted)
        {
            metrics.SessionEvicted();
        }

        events.Publish(
            new McpEvent
            {
                Ts = McpEvent.Timestamp(time.GetUtcNow()),
                Type = EventTypes.SessionEnd,
                Session = session,
                Reason = reason,
                Client = open.Client?.Name,
                ClientVersion = open.Client?.Version,
                ProtocolVersion = open.ProtocolVersion,
            }
        );
    }
}
