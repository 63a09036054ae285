using System.Globalization;
using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Workloads;

/// <summary>Small tool calls over HTTP/2 and TLS in a closed loop, made by h2load on one thread. The call is that of wrk.</summary>
internal static class H2Load
{
    private const string Call =
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"weather","arguments":{"city":"Berlin"}}}""";

    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(15);

    /// <param name="installed">Where h2load is.</param>
    /// <param name="callers">Connections.</param>
    /// <param name="streams">Calls at once on each.</param>
    /// <param name="duration">How long.</param>
    public static Workload Calls(Installed installed, int callers, int streams, TimeSpan duration) =>
        new(
            WorkloadNames.Streams(callers, streams),
            (path, cancellationToken) => RunAsync(installed, path, callers, streams, duration, cancellationToken)
        );

    /// <summary>Reads what h2load writes down of every call: when it began, its status and how long it took, both times in microseconds.</summary>
    /// <param name="lines">Lines like <c>1795300000123456 200 873</c>, with tabs in between; the status of a call that the end cut off is -1, and it is none.</param>
    /// <param name="duration">How long calls were made.</param>
    public static Dictionary<string, double> Read(IEnumerable<string> lines, TimeSpan duration)
    {
        var calls = lines.Select(line => line.Split('\t')).Where(call => call[1] != "-1").ToList();
        var times = calls.Where(call => call[1].StartsWith('2')).Select(call => Number(call[2]) / 1000).Order().ToList();
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["requests"] = calls.Count,
            ["failed"] = calls.Count - times.Count,
            ["rps"] = times.Count / duration.TotalSeconds,
            ["p50"] = Percentile(0.5),
            ["p90"] = Percentile(0.9),
            ["p99"] = Percentile(0.99),
            ["p999"] = Percentile(0.999),
        };

        double Percentile(double part) => times.Count == 0 ? 0 : times[(int)(part * (times.Count - 1))];
    }

    private static async Task<Dictionary<string, double>> RunAsync(
        Installed installed,
        RunningPath path,
        int callers,
        int streams,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        var h2load = installed.H2Load ?? throw new BenchFailedException("h2load is not installed");
        using var folder = new TemporaryFolder();
        var (body, log) = (folder.PathOf("call.json"), folder.PathOf("calls.log"));
        await File.WriteAllTextAsync(body, Call, cancellationToken);
        string[] load = ["--threads=1", $"--clients={callers}", $"--max-concurrent-streams={streams}", $"--duration={Text(duration)}"];
        string[] call =
        [
            $"--data={body}",
            $"--header=:authority: {path.Host}",
            "--header=content-type: application/json",
            "--header=accept: application/json, text/event-stream",
        ];
        await Command.RunAsync(
            h2load,
            [.. load, .. call, $"--log-file={log}", path.Url.AbsoluteUri],
            duration + s_slack,
            cancellationToken
        );
        var numbers = Read(await File.ReadAllLinesAsync(log, cancellationToken), duration);
        return numbers["rps"] > 0 ? numbers : throw new BenchFailedException($"{path.Name}: no call succeeded, {numbers["failed"]} failed");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMilliseconds}ms");
}
