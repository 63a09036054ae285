using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Report;
using Tunnel.Bench.Run.Workloads;

namespace Tunnel.Bench.Run.Stages;

/// <summary>The same number of small calls to ever more tunnels of one relay, all of which are open the whole time.</summary>
internal sealed class ActiveTunnels(RunOptions options, Installed installed, Results results, Action<string> tell)
{
    public const string Stage = "scale-tunnels";

    private const int Callers = 32;

    public static IReadOnlyList<int> Counts(RunOptions options) => options.IsQuick ? [1, 2] : [1, 10, 50, 200];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var bed = new Bed(FreePort.Next(), installed, folder);
        await using var origin = await Origins.StartAsync(OriginKind.FixedAnswer, bed, cancellationToken);
        var counts = Counts(options);
        tell($"  starting {counts[^1]} connectors");
        await using var path = await ManyTunnels.StartAsync(bed, counts[^1], cancellationToken);
        Workload[] workloads = [.. counts.Select(count => WrkLoad.Tunnels(installed, count, Callers, options.Duration))];
        foreach (var count in counts)
        {
            tell($"  warming up {count}");
            await WrkLoad.Tunnels(installed, count, Callers, StandardStages.WarmUpOf(options)).RunAsync(path, cancellationToken);
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            tell($"  round {round} of {options.Rounds}");
            foreach (var workload in workloads)
            {
                var values = await Costs.OfAsync(path, workload, options.Duration, cancellationToken);
                results.Add(new Sample(Stage, McprPaths.TunnelName, workload.Name, round, values));
            }
        }
    }
}
