namespace Tunnel.ProxyCore.History;

/// <summary>How much history is kept.</summary>
public sealed record HistoryOptions
{
    /// <summary>Events and sums older than this are deleted. Default: a week.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Over so many bytes the oldest events are deleted, and then the oldest sums. Default: 256 MiB, about a million events.</summary>
    public long MaxBytes { get; init; } = 256L << 20;
}
