using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Stages;
using Tunnel.Bench.Run.Workloads;

namespace Tunnel.Bench.Run.Report;

/// <summary>Tables of what is measured by itself, beside nothing else.</summary>
internal sealed class PartTables(Results results)
{
    public Table Allocations() =>
        new(
            Allocation.Stage,
            "Proxy core: KB allocated for a request, by the size of its body",
            ["body", .. Allocation.Kinds],
            [.. Allocation.Sizes.Select(size => (IReadOnlyList<string>)[$"{Cells.Rate(size / 1000)} KB", .. AllocationsOf(size)])]
        );

    private IEnumerable<string> AllocationsOf(int size) =>
        Allocation
            .Kinds.Select(kind => WorkloadNames.Transfer(kind, size))
            .Select(workload => Cells.Kilobytes(results.Median(Allocation.Stage, McprPaths.ProxyName, workload, Allocation.Bytes)));

    public Table StartUps() =>
        new(
            "start-up",
            "Start-up",
            ["what", "median ms", "least", "greatest"],
            results.RowsOf(
                StartUp.Stage,
                what =>
                {
                    var times = results.ValuesOf(StartUp.Stage, what, StartUp.Workload, StartUp.Milliseconds);
                    var median = results.Median(StartUp.Stage, what, StartUp.Workload, StartUp.Milliseconds);
                    return [Cells.Time(median), Cells.Time(times.Min()), Cells.Time(times.Max())];
                }
            )
        );

    public Table Micros() =>
        new(
            "micro",
            "Parts of the proxy core, on one core",
            ["what", "MB/s", "µs", "bytes allocated"],
            results.RowsOf(
                Micro.Stage,
                what =>
                    [
                        Cells.Rate(results.Median(Micro.Stage, what, Micro.Workload, Micro.Speed)),
                        Cells.Time(results.Median(Micro.Stage, what, Micro.Workload, Micro.Time)),
                        Cells.Rate(results.Median(Micro.Stage, what, Micro.Workload, Micro.Allocated)),
                    ]
            )
        );
}
