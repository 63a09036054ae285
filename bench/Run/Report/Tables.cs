using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Stages;
using Tunnel.Bench.Run.Workloads;

namespace Tunnel.Bench.Run.Report;

/// <summary>The tables that results make; those of stages that did not run are left out.</summary>
internal sealed class Tables(Results results)
{
    private static readonly int[] s_callers = [1, 32, 256];
    private static readonly int[] s_bridgeCallers = [1, 32];

    public IEnumerable<Table> All()
    {
        var parts = new PartTables(results);
        IEnumerable<Table> tables =
        [
            new Targets(results).ToTable(),
            .. Calls(StandardStages.TunnelCalls, "Tunnels", PlainHops.TwoYarpsName, s_callers),
            Open(StandardStages.TunnelCalls, "Tunnels"),
            Bodies(StandardStages.TunnelBodies, "Tunnels", PlainHops.TwoYarpsName),
            Streams(StandardStages.TunnelBodies, "Tunnels"),
            Memory(StandardStages.TunnelCalls, "Tunnels", WorkloadNames.Calls(256)),
            .. StandardStages.TlsStreams.Select(Tls),
            .. Calls(StandardStages.ProxyCalls, "Proxy core", PlainHops.YarpName, s_callers),
            Open(StandardStages.ProxyCalls, "Proxy core"),
            Bodies(StandardStages.ProxyBodies, "Proxy core", PlainHops.YarpName),
            Streams(StandardStages.ProxyBodies, "Proxy core"),
            Memory(StandardStages.ProxyCalls, "Proxy core", WorkloadNames.Calls(256)),
            parts.Allocations(),
            .. Calls(StandardStages.BridgeFast, "Bridge, a program that only echoes", Bridges.McpProxyName, s_bridgeCallers),
            .. Calls(StandardStages.BridgeEverything, "Bridge, server-everything", Bridges.McpProxyName, s_bridgeCallers),
            Memory(StandardStages.BridgeFast, "Bridge, a program that only echoes", WorkloadNames.Calls(32)),
            parts.StartUps(),
            parts.Micros(),
        ];
        return tables.Where(table => table.HasNumbers);
    }

    private IEnumerable<Table> Calls(string stage, string title, string reference, int[] callers) =>
        callers.Select(count => Calls(stage, title, reference, WorkloadNames.Calls(count), count == 1 ? "1 caller" : $"{count} callers"));

    private Table Tls(int streams) =>
        Calls(
            StandardStages.TunnelTls,
            "Tunnels over TLS and HTTP/2",
            PlainHops.TlsYarpName,
            WorkloadNames.Streams(StandardStages.TlsCallers, streams),
            $"{StandardStages.TlsCallers} callers with {streams} at once each"
        );

    private Table Calls(string stage, string title, string reference, string workload, string callers) =>
        new(
            $"{stage}-{workload}",
            $"{title}: small calls, {callers}",
            ["path", "requests/s", "p50 ms", "p90", "p99", "p99.9", "CPU s per 1,000", $"requests/s × {reference}"],
            results.RowsOf(
                stage,
                path =>
                    [
                        Cells.Rate(results.Median(stage, path, workload, "rps")),
                        .. Percentiles(stage, path, workload),
                        Processor(stage, path, workload),
                        Cells.Ratio(results.RatioOf(stage, path, reference, workload, "rps")),
                    ]
            )
        );

    private Table Open(string stage, string title) =>
        new(
            $"{stage}-open",
            $"{title}: small calls at a fixed rate of 1,000 a second",
            ["path", "p50 ms", "p90", "p99", "p99.9", "CPU s per 1,000"],
            results.RowsOf(
                stage,
                path => [.. Percentiles(stage, path, WorkloadNames.OpenLoop), Processor(stage, path, WorkloadNames.OpenLoop)]
            )
        );

    private Table Bodies(string stage, string title, string reference) =>
        new(
            $"{stage}-bulk",
            $"{title}: bodies",
            ["path", "64 KB results/s", "10 MB results MB/s", "down MB/s", "up MB/s", $"down × {reference}", $"up × {reference}"],
            results.RowsOf(
                stage,
                path =>
                    [
                        Cells.Rate(results.Median(stage, path, WorkloadNames.SmallResults, "rps")),
                        Cells.Rate(results.Median(stage, path, WorkloadNames.BigResults, "mbps")),
                        Cells.Rate(results.Median(stage, path, WorkloadNames.Download, "mbps")),
                        Cells.Rate(results.Median(stage, path, WorkloadNames.Upload, "mbps")),
                        Cells.Ratio(results.RatioOf(stage, path, reference, WorkloadNames.Download, "mbps")),
                        Cells.Ratio(results.RatioOf(stage, path, reference, WorkloadNames.Upload, "mbps")),
                    ]
            )
        );

    private Table Streams(string stage, string title)
    {
        var (alone, among) = (WorkloadNames.Held(0), WorkloadNames.Held(1000));
        return new Table(
            $"{stage}-streams",
            $"{title}: streams",
            [
                "path",
                "first event p50 ms",
                "p99",
                "event delay p50 ms",
                "p99",
                "WebSocket round trip p50 ms",
                "p99",
                "short call p99 ms",
                "with 1,000 held streams",
                "ratio",
            ],
            results.RowsOf(
                stage,
                path =>
                    [
                        Cells.Time(results.Median(stage, path, WorkloadNames.Events, "first_p50")),
                        Cells.Time(results.Median(stage, path, WorkloadNames.Events, "first_p99")),
                        Cells.Time(results.Median(stage, path, WorkloadNames.Events, "delay_p50")),
                        Cells.Time(results.Median(stage, path, WorkloadNames.Events, "delay_p99")),
                        Cells.Time(results.Median(stage, path, WorkloadNames.WebSocket, "p50")),
                        Cells.Time(results.Median(stage, path, WorkloadNames.WebSocket, "p99")),
                        Cells.Time(results.Median(stage, path, alone, "p99")),
                        Cells.Time(results.Median(stage, path, among, "p99")),
                        Cells.Ratio(results.RatioOf(stage, (path, among), (path, alone), "p99")),
                    ]
            )
        );
    }

    private Table Memory(string stage, string title, string loaded)
    {
        var rows =
            from path in results.PathsOf(stage)
            from role in results.NamesOf(stage, path, Sample.Idle, Sample.ResidentPrefix)
            select (IReadOnlyList<string>)[$"{path}: {role}", .. Bytes(path, role, Sample.Idle), .. Bytes(path, role, loaded)];
        return new Table(
            $"{stage}-memory",
            $"{title}: memory in MB, idle and under load ({loaded})",
            ["process", "idle RSS", "idle PSS", "load RSS", "load PSS"],
            [.. rows]
        );

        IEnumerable<string> Bytes(string path, string role, string workload) =>
            ((string[])[Sample.ResidentPrefix, Sample.ProportionalPrefix]).Select(prefix =>
                Cells.Megabytes(results.Median(stage, path, workload, prefix + role))
            );
    }

    private IEnumerable<string> Percentiles(string stage, string path, string workload) =>
        ((string[])["p50", "p90", "p99", "p999"]).Select(value => Cells.Time(results.Median(stage, path, workload, value)));

    /// <summary>Each process by itself: relay 0.031 + connector 0.042.</summary>
    private string Processor(string stage, string path, string workload)
    {
        var roles = results.NamesOf(stage, path, workload, Sample.CpuPrefix);
        var parts = roles.Select(role => $"{role} {Cells.Processor(results.Median(stage, path, workload, Sample.CpuPrefix + role))}");
        return roles.Count == 0 ? Table.Nothing : string.Join(" + ", parts);
    }
}
