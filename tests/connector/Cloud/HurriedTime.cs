namespace Tunnel.Connector.Tests.Cloud;

/// <summary>Pauses between tries pass in no time, and what limits a request or the end of a run takes as long as it does.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private const int Faster = 10_000;

    private static readonly TimeSpan[] s_limits = [TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30)];

    /// <summary>For pauses that are none of the limits.</summary>
    public static double Random() => 0.6;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && !s_limits.Contains(dueTime) ? dueTime / Faster : dueTime, period);
}
