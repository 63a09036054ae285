using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Tunnel.ProxyCore.Servers;

/// <summary>
/// The addresses of one MCP server. Work without a session goes to the least busy one that is there; a session stays where it was opened.
/// </summary>
internal sealed partial class UpstreamPool(ImmutableArray<Upstream> upstreams, TimeProvider time, ILogger logger) : IDisposable
{
    private int _turn;

    public ImmutableArray<Upstream> All => upstreams;

    /// <summary>Whether there is anything to choose.</summary>
    public bool HasSeveral => upstreams.Length > 1;

    /// <summary>Who holds which session. Nothing enters it where there is one address only.</summary>
    public SessionHolders Holders { get; } = new(time);

    /// <summary>The address for new work: the least busy one that is up, by turns where several are; if none is up, any of them.</summary>
    /// <param name="tried">Those that were tried for it in vain.</param>
    /// <returns>Null where all have been tried.</returns>
    public Upstream? Choose(IReadOnlyCollection<Upstream> tried)
    {
        if (!HasSeveral)
        {
            return tried.Count == 0 ? upstreams[0] : null;
        }

        Upstream? best = null;
        var turn = (uint)Interlocked.Increment(ref _turn);
        for (var i = 0; i < upstreams.Length; i++)
        {
            var one = upstreams[(int)((turn + (uint)i) % (uint)upstreams.Length)];
            if (!tried.Contains(one) && (best is null || IsBetter(one, best)))
            {
                best = one;
            }
        }

        return best;
    }

    /// <summary>Notes whether an address was there just now.</summary>
    public void Mark(Upstream upstream, bool isUp)
    {
        if (!HasSeveral || !upstream.Mark(isUp))
        {
            return;
        }

        if (isUp)
        {
            Log.Back(logger, upstream.Origin);
        }
        else
        {
            Log.Gone(logger, upstream.Origin, upstreams.Count(one => one.IsUp), upstreams.Length);
        }
    }

    public void Dispose()
    {
        foreach (var upstream in upstreams)
        {
            upstream.Dispose();
        }
    }

    private static bool IsBetter(Upstream one, Upstream other) => one.IsUp == other.IsUp ? one.UnderWay < other.UnderWay : one.IsUp;

    private static partial class Log
    {
        [LoggerMessage(2231, LogLevel.Warning, "{Upstream} does not answer; {Left} of {All} addresses are left")]
        public static partial void Gone(ILogger logger, string upstream, int left, int all);

        [LoggerMessage(2232, LogLevel.Warning, "{Upstream} answers again")]
        public static partial void Back(ILogger logger, string upstream);
    }
}
