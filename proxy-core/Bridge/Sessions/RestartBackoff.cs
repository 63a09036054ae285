namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>How long to wait until a server that died is started again: at once, unless it died soon after its start again and again.</summary>
internal sealed class RestartBackoff
{
    /// <summary>A process that lived this long was in order.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(15);

    private int _quickDeaths;

    /// <summary>Deaths in a row that came soon after the start.</summary>
    public int QuickDeaths => _quickDeaths;

    public void Died(TimeSpan lived) => _quickDeaths = lived < Settled ? _quickDeaths + 1 : 0;

    public TimeSpan Delay
    {
        get
        {
            // The first death may have been an accident.
            var doublings = Math.Min(_quickDeaths - 2, 10);
            var delay = doublings < 0 ? TimeSpan.Zero : s_first * (1 << doublings);
            return delay < s_longest ? delay : s_longest;
        }
    }
}
