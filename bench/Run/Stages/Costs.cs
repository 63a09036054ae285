using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Processes;
using Tunnel.Bench.Run.Report;
using Tunnel.Bench.Run.Workloads;

namespace Tunnel.Bench.Run.Stages;

/// <summary>What a load costs the processes of a path.</summary>
internal static class Costs
{
    /// <summary>Runs the load; adds the processor seconds for 1,000 requests of each process to what it returns, and its memory if that is wanted.</summary>
    public static async Task<Dictionary<string, double>> OfAsync(
        RunningPath path,
        Workload workload,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        var before = CpuSecondsOf(path);
        var load = workload.RunAsync(path, cancellationToken);
        // Late in the load, when buffers and pools have the size that it needs.
        var memory = workload.ShowsMemory ? await MemoryAfterAsync(duration * 0.7, path, cancellationToken) : [];
        var values = await load;
        foreach (var (role, seconds) in CpuSecondsOf(path))
        {
            values[Sample.CpuPrefix + role] = (seconds - before[role]) / values["requests"] * 1000;
        }

        foreach (var (name, bytes) in memory)
        {
            values[name] = bytes;
        }

        return values;
    }

    public static Dictionary<string, double> Memory(RunningPath path)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (role, use) in path.Processes.SelectMany(ProcessTree.Of))
        {
            values[Sample.ResidentPrefix + role] = values.GetValueOrDefault(Sample.ResidentPrefix + role) + use.Resident;
            values[Sample.ProportionalPrefix + role] = values.GetValueOrDefault(Sample.ProportionalPrefix + role) + use.Proportional;
        }

        return values;
    }

    /// <summary>By role, with what was started by them and may have ended meanwhile: programs of a bridge come and go with sessions.</summary>
    private static Dictionary<string, double> CpuSecondsOf(RunningPath path) =>
        path
            .Processes.GroupBy(process => process.Role, StringComparer.Ordinal)
            .ToDictionary(
                role => role.Key,
                role => role.Sum(process => ProcessTree.Of(process).Values.Sum(use => use.CpuSeconds)),
                StringComparer.Ordinal
            );

    private static async Task<Dictionary<string, double>> MemoryAfterAsync(
        TimeSpan delay,
        RunningPath path,
        CancellationToken cancellationToken
    )
    {
        await Task.Delay(delay, TimeProvider.System, cancellationToken);
        return Memory(path);
    }
}
