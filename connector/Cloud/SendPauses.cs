namespace Tunnel.Connector.Cloud;

/// <summary>
/// How long to wait before a batch is sent again: as long as the relay says, else a random time between half of a bound and all of it, which doubles
/// from 1 s to 5 min. A token that is refused is tried at the longest.
/// </summary>
/// <param name="random">From 0 to 1.</param>
internal sealed class SendPauses(Func<double> random)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    /// <summary>A relay that wants longer is asked again even so.</summary>
    private static readonly TimeSpan s_longestWanted = TimeSpan.FromHours(1);

    /// <summary>Whoever was told the same time does not come back in the same moment.</summary>
    private const double Spread = 0.1;

    private TimeSpan _bound = s_first;

    public TimeSpan Next(IngestAnswer answer)
    {
        if (answer.RetryAfter is { } wanted)
        {
            var least = TimeSpan.FromTicks(Math.Clamp(wanted.Ticks, s_first.Ticks, s_longestWanted.Ticks));
            return least * (1 + (Spread * random()));
        }

        var bound = answer.Verdict == IngestVerdict.Refused ? s_longest : _bound;
        _bound = TimeSpan.FromTicks(Math.Min(_bound.Ticks * 2, s_longest.Ticks));
        return bound * (0.5 + (random() / 2));
    }

    public void Reset() => _bound = s_first;
}
