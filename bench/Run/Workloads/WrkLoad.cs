using System.Globalization;
using System.Text.Json;
using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Workloads;

/// <summary>Small tool calls in a closed loop, made by wrk on one thread: as little as a caller can cost.</summary>
internal static class WrkLoad
{
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(15);
    private static readonly string s_script = Path.Combine(Programs.Bench, "small-call.lua");

    public static Workload Calls(Installed installed, int callers, TimeSpan duration) =>
        new(
            WorkloadNames.Calls(callers),
            async (path, cancellationToken) =>
            {
                var wrk = installed.Wrk ?? throw new BenchFailedException("wrk is not installed");
                var seconds = Math.Max(1, (int)Math.Round(duration.TotalSeconds));
                string[] load = ["-t1", Option("-c", callers), Option("-d", seconds), "--timeout", "10s", "--latency"];
                string[] target = ["-s", s_script, "-H", $"Host: {path.Host}", path.Url.AbsoluteUri];
                var output = await Command.RunAsync(wrk, [.. load, .. target], duration + s_slack, cancellationToken);
                // wrk prints its own report first; ours is the last line.
                var numbers = JsonSerializer.Deserialize<Dictionary<string, double>>(output.TrimEnd().Split('\n')[^1])!;
                return numbers["rps"] > 0 ? numbers : throw new BenchFailedException($"{path.Name}: no call succeeded");
            }
        );

    private static string Option(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"{name}{value}");
}
