using Tunnel.Bench.Run.Paths;

namespace Tunnel.Bench.Run.Workloads;

/// <summary>One kind of load on a path.</summary>
/// <param name="Name">As results call it.</param>
/// <param name="RunAsync">Makes the load and returns named numbers: <c>requests</c> that were made, and what is of interest about them.</param>
internal sealed record Workload(string Name, Func<RunningPath, CancellationToken, Task<Dictionary<string, double>>> RunAsync)
{
    /// <summary>Memory is looked at while it runs.</summary>
    public bool ShowsMemory { get; init; }
}
