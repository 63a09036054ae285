using System.Diagnostics;

namespace Tunnel.Bench.Load;

/// <summary>A closed loop: so many callers, each of which calls again as soon as it has its answer, until the time is up.</summary>
internal static class Callers
{
    /// <summary>Runs <paramref name="call"/> over and over. What began in time counts, and is waited for.</summary>
    /// <returns>Calls that were completed, and the seconds that they took.</returns>
    public static async Task<(long Calls, double Seconds)> RunAsync(
        int count,
        TimeSpan duration,
        Func<int, CancellationToken, Task> call,
        CancellationToken cancellationToken
    )
    {
        var start = Stopwatch.GetTimestamp();
        var calls = 0L;
        await Task.WhenAll(Enumerable.Range(0, count).Select(CallUntilTheEndAsync));
        return (calls, Stopwatch.GetElapsedTime(start).TotalSeconds);

        async Task CallUntilTheEndAsync(int caller)
        {
            // Off the thread that starts the others.
            await Task.Yield();
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                await call(caller, cancellationToken);
                Interlocked.Increment(ref calls);
            }
        }
    }
}
