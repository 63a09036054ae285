using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Workloads;

namespace Tunnel.Bench.Run.Stages;

/// <summary>Paths to the same origin that are compared: all are up at once, and get the same loads in turn.</summary>
/// <param name="Name">As <c>--only</c> and the tables know it.</param>
/// <param name="Origin">What is behind all of them; null where they bring it along.</param>
internal sealed record Stage(
    string Name,
    OriginKind? Origin,
    IReadOnlyList<PathDefinition> Paths,
    IReadOnlyList<Workload> Workloads,
    Workload WarmUp
);

/// <summary>What answers at the end of the paths.</summary>
internal enum OriginKind
{
    /// <summary>nginx with one fixed answer, which costs next to nothing.</summary>
    FixedAnswer,

    /// <summary>bench-origin, which has large results, event streams, WebSockets and uploads.</summary>
    Everything,
}
