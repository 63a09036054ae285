using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Stages;
using Tunnel.Bench.Run.Workloads;

namespace Tunnel.Bench.Run.Report;

/// <summary>What the numbers of this repository have to be, against others in the same rounds.</summary>
internal sealed class Targets(Results results)
{
    private const double BytesPerKilobyte = 1000;
    private const double BytesPerMegabyte = 1_000_000;

    public Table ToTable() =>
        new(
            "targets",
            "Targets",
            ["what", "target", "measured", "verdict"],
            [.. All().Where(target => target.Measured is not null).Select(target => target.ToRow())]
        );

    private IEnumerable<Target> All() => [.. Tunnel(), .. ProxyCore(), .. Bridge(), .. StartUps()];

    private IEnumerable<Target> Tunnel()
    {
        const string calls = "requests/s through the tunnel, 32 callers";
        yield return Target.AtLeast($"{calls}, × two YARP hops", 0.9, Calls(PlainHops.TwoYarpsName, 32, "rps"));
        yield return Target.AtLeast($"{calls}, × pipenet", 8, Calls(OtherTunnels.PipenetName, 32, "rps"));
        yield return Target.AtLeast($"{calls}, × frp", 5, Calls(BroughtTunnels.FrpName, 32, "rps"));
        yield return Target.AtMost("p50 through the tunnel, 1 caller, × two YARP hops", 1.3, Calls(PlainHops.TwoYarpsName, 1, "p50"));
        foreach (var (name, workload) in ((string, string)[])[("down", WorkloadNames.Download), ("up", WorkloadNames.Upload)])
        {
            yield return Target.AtLeast($"bulk {name}, × pipenet", 1.5, Bulk(OtherTunnels.PipenetName, workload));
            yield return Target.AtLeast($"bulk {name}, × two YARP hops", 0.8, Bulk(PlainHops.TwoYarpsName, workload));
        }

        var held = results.RatioOf(
            StandardStages.TunnelBodies,
            (McprPaths.TunnelName, WorkloadNames.Held(1000)),
            (McprPaths.TunnelName, WorkloadNames.Held(0)),
            "p99"
        );
        yield return Target.AtMost("short-call p99 with 1,000 held streams, × without", 1.5, held?.Median);
        foreach (var count in (int[])[1000, 5000, 10000])
        {
            var bytes = results.Median(IdleTunnels.Stage, IdleTunnels.Path, WorkloadNames.Tunnels(count), IdleTunnels.BytesPerTunnel);
            yield return Target.AtMost($"idle tunnel in the relay, one of {Cells.Rate(count)}, KB", 96, bytes / BytesPerKilobyte);
        }

        yield return Target.AtMost("connector, idle, MB resident", 80, Connector(Sample.Idle));
        yield return Target.AtMost("connector, under load, MB resident", 150, Connector(WorkloadNames.Calls(256)));
    }

    private IEnumerable<Target> ProxyCore()
    {
        const string stage = StandardStages.ProxyCalls;
        foreach (var (kept, path) in ((string, string)[])[("", McprPaths.OnlyEventsName), (" and history", McprPaths.EventsName)])
        {
            var rates = results.RatioOf(stage, path, PlainHops.YarpName, WorkloadNames.Calls(32), "rps");
            yield return Target.AtLeast($"requests/s of the proxy core with events{kept}, 32 callers, × YARP", 0.9, rates?.Median);
        }

        foreach (var kind in Allocation.Kinds)
        {
            yield return Target.AtMost($"allocation of the proxy core for a {kind} of 10 MB, × that for 64 KB", 2, Growth(kind));
        }

        yield return Target.AtLeast("HTML rewriter, ordinary page, MB/s", 400, Speed("HTML rewriter, ordinary page"));
        yield return Target.AtLeast(
            "JSON-RPC reader, call with 64 KB of text, MB/s",
            1000,
            Speed("JSON-RPC reader, call with 64 KB of text")
        );
    }

    private IEnumerable<Target> Bridge() =>
        from peer in (string[])[Bridges.McpProxyName, Bridges.SupergatewayName]
        from stage in (string[])[StandardStages.BridgeFast, StandardStages.BridgeEverything]
        let ratio = results.RatioOf(stage, McprPaths.ServeName, peer, WorkloadNames.Calls(32), "rps")
        select Target.AtLeast($"calls/s of the bridge, {stage}, 32 callers, × {peer}", 5, ratio?.Median);

    private IEnumerable<Target> StartUps()
    {
        yield return Target.AtMost("mcpr --version, ms", 100, Start(StartUp.Version));
        yield return Target.AtMost("public URL printed, ms", 1000, Start(StartUp.PublicUrl));
    }

    private double? Calls(string reference, int callers, string value) =>
        results.RatioOf(StandardStages.TunnelCalls, McprPaths.TunnelName, reference, WorkloadNames.Calls(callers), value)?.Median;

    private double? Bulk(string reference, string workload) =>
        results.RatioOf(StandardStages.TunnelBodies, McprPaths.TunnelName, reference, workload, "mbps")?.Median;

    private double? Connector(string workload) =>
        results.Median(StandardStages.TunnelCalls, McprPaths.TunnelName, workload, Sample.ResidentPrefix + "connector") / BytesPerMegabyte;

    private double? Growth(string kind)
    {
        var (small, large) = (WorkloadNames.Transfer(kind, Allocation.Sizes[0]), WorkloadNames.Transfer(kind, Allocation.Sizes[^1]));
        const string path = McprPaths.ProxyName;
        return results.RatioOf(Allocation.Stage, (path, large), (path, small), Allocation.Bytes)?.Median;
    }

    private double? Speed(string what) => results.Median(Micro.Stage, what, Micro.Workload, Micro.Speed);

    private double? Start(string what) => results.Median(StartUp.Stage, what, StartUp.Workload, StartUp.Milliseconds);
}
