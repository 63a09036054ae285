using System.Globalization;
using System.Text.Json;
using Tunnel.Bench.Run.Paths;
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
            (path, cancellationToken) => RunAsync(installed, path, path.Host, callers, duration, cancellationToken)
        );

    /// <summary>The same to so many tunnels of a relay, each in its turn. <see cref="ManyTunnels"/> names them.</summary>
    public static Workload Tunnels(Installed installed, int tunnels, int callers, TimeSpan duration) =>
        new(
            WorkloadNames.Tunnels(tunnels),
            (path, cancellationToken) =>
            {
                var hosts = string.Join(',', Enumerable.Range(0, tunnels).Select(number => ManyTunnels.HostOf(path, number)));
                return RunAsync(installed, path, hosts, callers, duration, cancellationToken);
            }
        );

    private static async Task<Dictionary<string, double>> RunAsync(
        Installed installed,
        RunningPath path,
        string hosts,
        int callers,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        var wrk = installed.Wrk ?? throw new BenchFailedException("wrk is not installed");
        // wrk knows whole seconds only, and its first second can be too short on a machine that does other things.
        var seconds = Math.Max(2, (int)Math.Round(duration.TotalSeconds));
        string[] load = ["-t1", Option("-c", callers), Option("-d", seconds), "--timeout", "10s", "--latency"];
        string[] target = ["-s", s_script, path.Url.AbsoluteUri, "--", hosts];
        var output = await Command.RunAsync(wrk, [.. load, .. target], duration + s_slack, cancellationToken);
        // wrk prints its own report first; ours is the last line.
        var numbers = JsonSerializer.Deserialize<Dictionary<string, double>>(output.TrimEnd().Split('\n')[^1])!;
        return numbers["rps"] > 0
            ? numbers
            : throw new BenchFailedException(
                $"{path.Name}: no call succeeded, {numbers["requests"]} were answered, {numbers["failed"]} failed"
            );
    }

    private static string Option(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"{name}{value}");
}
