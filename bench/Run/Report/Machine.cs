using System.Globalization;
using System.Runtime.InteropServices;

namespace Tunnel.Bench.Run.Report;

/// <summary>Where the numbers come from.</summary>
internal sealed record Machine(string Processor, int Cores, double MemoryGigabytes, string System, string Runtime, string LoadBefore)
{
    private const double BytesPerGigabyte = 1_000_000_000;

    public static Machine Read() =>
        new(
            Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BytesPerGigabyte),
            $"{Field("/etc/os-release", "PRETTY_NAME")?.Trim('"')}, Linux {Environment.OSVersion.Version.ToString(3)}",
            RuntimeInformation.FrameworkDescription,
            // 0.31 0.42 0.50 1/234 5678
            string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3))
        );

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Cores} cores of {Processor}, {MemoryGigabytes} GB, {System}, {Runtime}; load average before: {LoadBefore}"
        );

    /// <summary>The first line <c>name : value</c> or <c>name=value</c>.</summary>
    private static string? Field(string file, string name) =>
        File.Exists(file)
            ? File.ReadLines(file)
                .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
                ?.Split([':', '='], 2)
                .ElementAtOrDefault(1)
                ?.Trim()
            : null;
}
