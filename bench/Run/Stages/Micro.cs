using System.Text.Json;
using Tunnel.Bench.Run.Processes;
using Tunnel.Bench.Run.Report;

namespace Tunnel.Bench.Run.Stages;

/// <summary>Parts of the proxy core by themselves, measured by BenchmarkDotNet in a process of their own.</summary>
internal sealed class Micro(RunOptions options, Results results)
{
    public const string Stage = "micro";
    public const string Workload = "read";
    public const string Speed = "mbps";
    public const string Time = "us";
    public const string Allocated = "allocated";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string[] arguments = options.IsQuick ? ["--quick"] : [];
        var output = await Command.RunAsync(Programs.Micro, arguments, s_limit, cancellationToken);
        var numbers = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, double>>>(output)!;
        foreach (var (what, values) in numbers.OrderBy(number => number.Key, StringComparer.Ordinal))
        {
            results.Add(new Sample(Stage, what, Workload, 1, values));
        }
    }
}
