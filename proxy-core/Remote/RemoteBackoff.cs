namespace Tunnel.ProxyCore.Remote;

/// <summary>How long to wait before the next try: 0.25 s, and twice as long every time up to 15 s.</summary>
internal sealed class RemoteBackoff
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(15);

    /// <summary>What lasted for less is no reason to begin at the shortest wait again.</summary>
    public static readonly TimeSpan Steady = s_longest;

    private TimeSpan _next = s_first;

    public TimeSpan Next()
    {
        var now = _next;
        _next = TimeSpan.FromTicks(Math.Min(now.Ticks * 2, s_longest.Ticks));
        return now;
    }

    public void Reset() => _next = s_first;
}
