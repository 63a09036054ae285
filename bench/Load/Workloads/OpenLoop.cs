using System.Diagnostics;
using System.Threading.Channels;

namespace Tunnel.Bench.Load.Workloads;

/// <summary>
/// Small calls at a fixed rate, whatever happens to those before. A time counts from when the call was due, not from when there was a connection for it:
/// otherwise a stall would hide the calls that should have been made in it (coordinated omission). With streams held open meanwhile, if wanted.
/// </summary>
internal static class OpenLoop
{
    /// <summary>How long calls are made before their times count: what opening the streams leaves to be collected would be counted as theirs otherwise.</summary>
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(2);

    public static async Task<Measurement> RunAsync(LoadClient http, LoadOptions options, CancellationToken cancellationToken)
    {
        using var held = await HeldStreams.OpenAsync(http, options.Held, cancellationToken);
        var total = (int)(options.Rate * (s_settling + options.Duration).TotalSeconds);
        var times = new Histogram();
        var (made, failed) = (0L, 0L);
        // Bounded by the calls of the whole run.
        var due = Channel.CreateBounded<long>(total);
        var pacer = Pacer.Start(options.Rate, total, due.Writer);
        var url = http.At(http.McpPath);
        var start = Stopwatch.GetTimestamp() + (long)(s_settling.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, options.Callers).Select(_ => CallWhenDueAsync()));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await pacer;
        return new Measurement()
            .Add("requests", made)
            .Add("rps", times.Count / seconds)
            .Add("failed", failed)
            .Add("held", held.Open)
            .Add(times);

        async Task CallWhenDueAsync()
        {
            var buffer = new byte[4096];
            await foreach (var moment in due.Reader.ReadAllAsync(cancellationToken))
            {
                try
                {
                    using var request = LoadClient.NewCall(url, SmallCall.Message);
                    await http.CompleteAsync(request, buffer, cancellationToken);
                }
                catch (Exception failure) when (failure is LoadFailedException or HttpRequestException or IOException)
                {
                    Interlocked.Increment(ref failed);
                }

                Interlocked.Increment(ref made);
                if (moment >= start)
                {
                    // A failed call was waited for as well.
                    times.Add(Stopwatch.GetTimestamp() - moment);
                }
            }
        }
    }
}
