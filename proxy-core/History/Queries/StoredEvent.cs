using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.History.Queries;

/// <summary>An event as it was kept.</summary>
/// <param name="Sequence">In which order it was written.</param>
/// <param name="Id">Its own.</param>
/// <param name="SessionId">The number of its session, if it has one.</param>
/// <param name="At">When it happened.</param>
/// <param name="Event">All of it.</param>
public sealed record StoredEvent(long Sequence, Guid Id, long? SessionId, DateTimeOffset At, McpEvent Event)
{
    public EventCursor Cursor => new(At.ToUnixTimeMilliseconds(), Sequence);

    /// <summary>How long it took, as exactly as is known.</summary>
    public TimeSpan? Latency =>
        Event.TimingUs is { } timing ? TimeSpan.FromMicroseconds(timing.Total)
        : Event.LatencyMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds)
        : null;
}
