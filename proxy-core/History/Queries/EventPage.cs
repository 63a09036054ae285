namespace Tunnel.ProxyCore.History.Queries;

/// <param name="Events">At most as many as were asked for.</param>
/// <param name="Next">Where more follow, or null.</param>
public sealed record EventPage(IReadOnlyList<StoredEvent> Events, EventCursor? Next);
