using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Tunnel.Bench.Load.Workloads;

/// <summary>Says when calls are due. Timers of .NET are right to a millisecond, which is more than what is measured here; the kernel's are to 0.05 ms.</summary>
internal static partial class Pacer
{
    private const int ClockMonotonic = 1;
    private const int AbsoluteTime = 1;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Writes the moments into <paramref name="due"/>, each when it has come, and completes it.</summary>
    public static Task Start(int rate, int total, ChannelWriter<long> due)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            // Stopwatch counts nanoseconds of this clock.
            var start = Stopwatch.GetTimestamp();
            for (var call = 0L; call < total; call++)
            {
                var moment = start + (call * NanosecondsPerSecond / rate);
                SleepUntil(moment);
                due.TryWrite(moment);
            }

            due.Complete();
            done.SetResult();
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return done.Task;
    }

    private static void SleepUntil(long moment)
    {
        var time = new TimeSpec { Seconds = moment / NanosecondsPerSecond, Nanoseconds = moment % NanosecondsPerSecond };
        // A signal ends it early; then the call is early by as much as a signal is rare.
        _ = SleepOnClock(ClockMonotonic, AbsoluteTime, in time, IntPtr.Zero);
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int SleepOnClock(int clock, int flags, in TimeSpec time, IntPtr remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
