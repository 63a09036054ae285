namespace Tunnel.Relay.Tunnels;

/// <summary>
/// Remembers that a session failed a moment ago, so that others that share its name are asked first. It is never the reason to refuse a
/// request: when every session fails, the least loaded is asked as before.
/// </summary>
internal sealed class SessionHealth
{
    /// <summary>How long one failure counts. Long enough to spare most callers, short enough to notice a repair.</summary>
    public static readonly TimeSpan FailureCounts = TimeSpan.FromSeconds(5);

    private const long Never = long.MinValue;

    private long _failedAt = Never;

    public void Failed(TimeProvider time) => Volatile.Write(ref _failedAt, time.GetTimestamp());

    public void Succeeded()
    {
        if (Volatile.Read(ref _failedAt) != Never)
        {
            Volatile.Write(ref _failedAt, Never);
        }
    }

    public bool IsFailing(TimeProvider time) =>
        Volatile.Read(ref _failedAt) is var failedAt && failedAt != Never && time.GetElapsedTime(failedAt) < FailureCounts;
}
