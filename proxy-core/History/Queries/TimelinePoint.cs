namespace Tunnel.ProxyCore.History.Queries;

/// <summary>One step of a range.</summary>
public sealed record TimelinePoint(DateTimeOffset At, CallSums Sums);
