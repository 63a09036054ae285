using System.Globalization;
using System.Text.Json;
using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Workloads;

/// <summary>What wrk cannot do, made by <c>bench-load</c>.</summary>
internal static class OwnLoad
{
    private const int OpenConnections = 128;
    private const int Megabyte = 1_000_000;

    // bench-load warms up and gives what is under way some time to finish.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(30);

    /// <summary>Small calls at a fixed rate.</summary>
    public static Workload Open(int rate, TimeSpan duration) =>
        New(WorkloadNames.OpenLoop, duration, "open", ("rate", rate), ("callers", OpenConnections));

    /// <summary>The same with streams held open on the same path.</summary>
    public static Workload Held(int streams, int rate, TimeSpan duration) =>
        New(WorkloadNames.Held(streams), duration, "open", ("rate", rate), ("callers", OpenConnections), ("held", streams));

    public static Workload SmallResults(TimeSpan duration) =>
        New(WorkloadNames.SmallResults, duration, "result", ("bytes", 64 * 1024), ("callers", 16));

    public static Workload BigResults(TimeSpan duration) =>
        New(WorkloadNames.BigResults, duration, "result", ("bytes", 10 * Megabyte), ("callers", 2));

    public static Workload Download(TimeSpan duration) =>
        New(WorkloadNames.Download, duration, "download", ("bytes", 50 * Megabyte), ("callers", 2));

    public static Workload Upload(TimeSpan duration) =>
        New(WorkloadNames.Upload, duration, "upload", ("bytes", 50 * Megabyte), ("callers", 2));

    /// <summary>Bodies of a size, one after the other: <c>download</c>, <c>upload</c> or <c>result</c>.</summary>
    public static Workload Transfer(string kind, int bytes, TimeSpan duration) =>
        New(WorkloadNames.Transfer(kind, bytes), duration, kind, ("bytes", bytes), ("callers", 1));

    /// <summary>Tool calls with 20 progress events, 5 ms apart.</summary>
    public static Workload Events(TimeSpan duration) =>
        New(WorkloadNames.Events, duration, "sse", ("events", 20), ("gap", 5), ("callers", 16));

    public static Workload WebSocket(TimeSpan duration) =>
        New(WorkloadNames.WebSocket, duration, "websocket", ("bytes", 256), ("callers", 16));

    /// <summary>Tool calls of MCP sessions, for bridges.</summary>
    public static Workload McpCalls(int callers, int sessions, TimeSpan duration) =>
        New(WorkloadNames.Calls(callers), duration, "mcp", ("callers", callers), ("sessions", sessions));

    private static Workload New(string name, TimeSpan duration, string kind, params (string Name, int Value)[] options) =>
        new(
            name,
            async (path, cancellationToken) =>
            {
                string[] target = ["--url", path.Url.AbsoluteUri, "--host", path.Host, "--seconds", Text(duration.TotalSeconds)];
                var load = options.SelectMany(option => new[] { $"--{option.Name}", Text(option.Value) });
                var output = await Command.RunAsync(Programs.Load, [kind, .. target, .. load], duration + s_slack, cancellationToken);
                return JsonSerializer.Deserialize<Dictionary<string, double>>(output)!;
            }
        );

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
