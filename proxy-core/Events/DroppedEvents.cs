namespace Tunnel.ProxyCore.Events;

/// <summary>Says in the stream itself that the reader was too slow and how many events it has missed.</summary>
public sealed record DroppedEvents(string Ts, string Type, long Count);
