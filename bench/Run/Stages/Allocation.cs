using System.Globalization;
using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Report;
using Tunnel.Bench.Run.Workloads;

namespace Tunnel.Bench.Run.Stages;

/// <summary>What the proxy core allocates for a request, by the size of its body: that must not grow with it.</summary>
internal sealed class Allocation(RunOptions options, Installed installed, Results results)
{
    public const string Stage = "proxy-allocation";
    public const string Bytes = "allocated";

    /// <summary>Bodies of 64 KB, 1 MB and 10 MB.</summary>
    public static readonly int[] Sizes = [64_000, 1_000_000, 10_000_000];

    /// <summary>Plain bodies in both directions, and results of tools.</summary>
    public static readonly string[] Kinds = ["download", "upload", "result"];

    // dotnet_gc_heap_total_allocated_bytes_total 123456
    private const string Counter = "dotnet_gc_heap_total_allocated_bytes_total";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var bed = new Bed(FreePort.Next(), installed, folder);
        await using var origin = await Origins.StartAsync(OriginKind.Everything, bed, cancellationToken);
        var admin = FreePort.Next();
        await using var path = await McprPaths.Ours.ProxyWithAdmin(admin).StartAsync(bed, cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        // The first of each kind is for pools and compilers.
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var (kind, size) in Kinds.SelectMany(kind => Sizes.Select(size => (kind, size))))
            {
                var before = await AllocatedAsync();
                var values = await OwnLoad.Transfer(kind, size, options.Duration).RunAsync(path, cancellationToken);
                values[Bytes] = (await AllocatedAsync() - before) / values["requests"];
                if (round > 0)
                {
                    results.Add(new Sample(Stage, McprPaths.ProxyName, WorkloadNames.Transfer(kind, size), round, values));
                }
            }
        }

        async Task<double> AllocatedAsync()
        {
            var text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{admin}/metrics"), cancellationToken);
            var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(Counter, StringComparison.Ordinal));
            return line is null
                ? throw new BenchFailedException($"/metrics has no {Counter}")
                : double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        }
    }
}
