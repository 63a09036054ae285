using System.Diagnostics;
using System.Globalization;

namespace Tunnel.Bench.IdleTunnels;

/// <summary>So many tunnels at one relay: opened, held, measured, left. What happens meanwhile is told to <paramref name="progress"/>.</summary>
internal sealed class Round(int tunnels, int dataConnections, TimeSpan hold, TextWriter progress)
{
    /// <summary>A process has its limit of open files, and a machine its processors.</summary>
    private const int TunnelsPerHolder = 2500;

    /// <summary>How often it is measured while they are held.</summary>
    private const int Samples = 10;

    private const double Kilobyte = 1024;
    private const double Megabyte = 1024 * 1024;

    /// <summary>What a relay has open besides its connections, with some to spare.</summary>
    private const int OtherFiles = 600;

    private int FilesNeeded => tunnels * (1 + dataConnections) + OtherFiles;

    /// <returns>What it came to, by name: bytes, seconds and numbers. Null if a process may not open as many files.</returns>
    public async Task<Dictionary<string, double>?> RunAsync(CancellationToken cancellationToken)
    {
        if (FilesAllowed() is { } allowed && FilesNeeded > allowed)
        {
            Say(
                $"{tunnels} tunnels with {dataConnections} data connections take {FilesNeeded} open files in the relay; the limit is {allowed} (ulimit -Hn)"
            );
            return null;
        }

        await using var relay = await RelayUnderTest.StartAsync(tunnels, dataConnections, cancellationToken);
        await relay.MetricsAsync(cancellationToken);
        var empty = relay.Memory();
        Say(
            $"{tunnels} tunnels with {dataConnections} data connections; the relay alone has {empty.Private / Megabyte:0.0} MiB of its own"
        );

        var opening = Stopwatch.GetTimestamp();
        List<Process> holders = [];
        try
        {
            for (var left = tunnels; left > 0; left -= TunnelsPerHolder)
            {
                holders.Add(StartHolder(relay.Address, Math.Min(left, TunnelsPerHolder)));
            }

            foreach (var holder in holders)
            {
                await WaitUntilReadyAsync(holder, cancellationToken);
            }

            var opened = Stopwatch.GetElapsedTime(opening);
            Say($"opened in {opened.TotalSeconds:0.0} s");
            var costs = await MeasureAsync(relay, empty, cancellationToken);
            costs["opened_in"] = opened.TotalSeconds;
            return costs;
        }
        finally
        {
            foreach (var holder in holders)
            {
                holder.Kill();
                holder.Dispose();
            }
        }
    }

    private async Task<Dictionary<string, double>> MeasureAsync(
        RelayUnderTest relay,
        (long Resident, long Private) empty,
        CancellationToken cancellationToken
    )
    {
        var costs = new Dictionary<string, double>(StringComparer.Ordinal) { ["tunnels"] = tunnels };
        var before = await relay.MetricsAsync(cancellationToken);
        for (var sample = 0; sample <= Samples; sample++)
        {
            if (sample > 0)
            {
                await Task.Delay(hold / Samples, TimeProvider.System, cancellationToken);
            }

            var now = await relay.MetricsAsync(cancellationToken);
            var (resident, own) = relay.Memory();
            var heap = now.GetValueOrDefault("dotnet_gc_last_collection_heap_size_bytes");
            var line = string.Join(
                ", ",
                $"{(hold * sample / Samples).TotalSeconds:0} s",
                $"{now["mcpr_relay_tunnels_open"]} tunnels",
                $"{now["mcpr_relay_data_connections_open"]} data connections",
                $"{now.GetValueOrDefault("mcpr_relay_data_connections_lost_total")} lost",
                $"{relay.OpenFiles()} files",
                $"resident {resident / Megabyte:0.0} MiB",
                $"own {own / Megabyte:0.0} MiB",
                $"heap {heap / Megabyte:0.0} MiB",
                $"{(own - empty.Private) / Kilobyte / tunnels:0.0} KiB for each tunnel"
            );
            Say(line);
            costs["open"] = now["mcpr_relay_tunnels_open"];
            costs["resident"] = resident;
            costs["bytes_per_tunnel"] = (own - empty.Private) / (double)tunnels;
        }

        var after = await relay.MetricsAsync(cancellationToken);
        var processor = after["dotnet_process_cpu_time_seconds_total"] - before["dotnet_process_cpu_time_seconds_total"];
        Say($"processor time while they were held: {processor:0.0} s in {hold.TotalSeconds:0} s");
        costs["cpu_per_minute"] = processor / hold.TotalMinutes;
        return costs;
    }

    /// <summary><c>Max open files  1024  20000  files</c>; the runtime raises the first number to the second.</summary>
    private static int? FilesAllowed()
    {
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return int.TryParse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var hard
        )
            ? hard
            : null;
    }

    private static Process StartHolder(Uri relay, int count)
    {
        string[] arguments = ["--holder", relay.AbsoluteUri, "--tunnels", count.ToString(CultureInfo.InvariantCulture)];
        return Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
    }

    private static async Task WaitUntilReadyAsync(Process holder, CancellationToken cancellationToken)
    {
        if (await holder.StandardOutput.ReadLineAsync(cancellationToken) != Holder.Ready)
        {
            throw new InvalidOperationException("a holder ended before all its tunnels were open");
        }
    }

    private void Say(FormattableString text) => progress.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private void Say(string text) => progress.WriteLine(text);
}
