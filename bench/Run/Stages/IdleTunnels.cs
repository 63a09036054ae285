using System.Globalization;
using System.Text.Json;
using Tunnel.Bench.Run.Processes;
using Tunnel.Bench.Run.Report;
using Tunnel.Bench.Run.Workloads;

namespace Tunnel.Bench.Run.Stages;

/// <summary>What a tunnel costs a relay on which nothing happens, measured by <c>bench-idle-tunnels</c>.</summary>
internal sealed class IdleTunnels(RunOptions options, Results results, Action<string> tell)
{
    public const string Stage = "scale-idle";
    public const string Path = "relay";
    public const string BytesPerTunnel = "bytes_per_tunnel";
    public const string Resident = "resident";
    public const string OpenedIn = "opened_in";
    public const string CpuPerMinute = "cpu_per_minute";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<int> Counts(RunOptions options) => options.IsQuick ? [20] : [100, 1000, 5000, 10000];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var hold = options.IsQuick ? "1" : "30";
        foreach (var count in Counts(options))
        {
            tell($"  {count} tunnels");
            string[] arguments = ["--json", "--hold", hold, "--tunnels", count.ToString(CultureInfo.InvariantCulture)];
            var output = await Command.RunAsync(Programs.IdleTunnels, arguments, s_limit, cancellationToken);
            if (output.Length == 0)
            {
                results.Note($"{Stage}: {count} tunnels were left out, a process may not open as many files (ulimit -Hn)");
                continue;
            }

            var costs = JsonSerializer.Deserialize<Dictionary<string, double>>(output)!;
            results.Add(new Sample(Stage, Path, WorkloadNames.Tunnels(count), 1, costs));
        }
    }
}
