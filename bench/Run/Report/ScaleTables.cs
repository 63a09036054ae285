using System.Globalization;
using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Stages;
using Tunnel.Bench.Run.Workloads;

namespace Tunnel.Bench.Run.Report;

/// <summary>The curves of <c>--scale</c>: a row for each number of streams or tunnels.</summary>
internal sealed class ScaleTables(Results results, RunOptions options)
{
    public IEnumerable<Table> All() => ((Table[])[Held(), Tunnels(), Idle()]).Where(table => table.HasNumbers);

    private Table Held()
    {
        const string stage = StandardStages.ScaleHeld;
        return new Table(
            stage,
            "Short calls beside held streams",
            ["held streams", "mcpr tunnel p50 ms", "p99", "p99 × without", "YARP → YARP p50 ms", "p99", "p99 × without"],
            [.. StandardStages.HeldCounts.Select(Row)]
        );

        IReadOnlyList<string> Row(int streams) =>
            [
                Cells.Rate(streams),
                .. Cell(McprPaths.TunnelName, WorkloadNames.Held(streams)),
                .. Cell(PlainHops.TwoYarpsName, WorkloadNames.Held(streams)),
            ];

        IEnumerable<string> Cell(string path, string workload) =>
            [
                Cells.Time(results.Median(stage, path, workload, "p50")),
                Cells.Time(results.Median(stage, path, workload, "p99")),
                Cells.Ratio(results.RatioOf(stage, (path, workload), (path, WorkloadNames.Held(0)), "p99")),
            ];
    }

    private Table Tunnels()
    {
        const string stage = ActiveTunnels.Stage;
        const string path = McprPaths.TunnelName;
        return new Table(
            stage,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Small calls to ever more of {ActiveTunnels.Counts(options)[^1]} open tunnels, 32 callers"
            ),
            ["tunnels called", "requests/s", "p50 ms", "p99", "relay CPU s per 1,000", "requests/s × one tunnel"],
            [.. ActiveTunnels.Counts(options).Select(count => Row(count, WorkloadNames.Tunnels(count)))]
        );

        IReadOnlyList<string> Row(int count, string workload) =>
            [
                Cells.Rate(count),
                Cells.Rate(results.Median(stage, path, workload, "rps")),
                Cells.Time(results.Median(stage, path, workload, "p50")),
                Cells.Time(results.Median(stage, path, workload, "p99")),
                Cells.Processor(results.Median(stage, path, workload, Sample.CpuPrefix + "relay")),
                Cells.Ratio(results.RatioOf(stage, (path, workload), (path, WorkloadNames.Tunnels(1)), "rps")),
            ];
    }

    private Table Idle()
    {
        const string stage = IdleTunnels.Stage;
        return new Table(
            stage,
            "Tunnels on which nothing happens",
            ["tunnels", "KB for each", "relay RSS MB", "opened in s", "relay CPU s per minute"],
            [.. IdleTunnels.Counts(options).Select(count => Row(count, WorkloadNames.Tunnels(count)))]
        );

        IReadOnlyList<string> Row(int count, string workload) =>
            [
                Cells.Rate(count),
                Cells.Kilobytes(Median(workload, IdleTunnels.BytesPerTunnel)),
                Cells.Megabytes(Median(workload, IdleTunnels.Resident)),
                Cells.Format(Median(workload, IdleTunnels.OpenedIn), "0.0"),
                Cells.Format(Median(workload, IdleTunnels.CpuPerMinute), "0.00"),
            ];

        double? Median(string workload, string value) => results.Median(stage, IdleTunnels.Path, workload, value);
    }
}
