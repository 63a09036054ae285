namespace Tunnel.Bench.Run.Report;

/// <summary>What one measurement gave.</summary>
/// <param name="Values">Times in milliseconds, rates per second, volumes in 10^6 bytes per second, memory in bytes.</param>
internal sealed record Sample(string Stage, string Path, string Workload, int Round, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>The workload of samples that were taken before there was any.</summary>
    public const string Idle = "idle";

    /// <summary>Followed by the role of a process: its processor seconds for 1,000 requests, or its memory.</summary>
    public const string CpuPrefix = "cpu ";
    public const string ResidentPrefix = "rss ";
    public const string ProportionalPrefix = "pss ";
}
