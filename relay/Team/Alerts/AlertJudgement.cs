namespace Tunnel.Relay.Team.Alerts;

/// <summary>
/// From one look at a rule to the next:
/// <code>
///            over                          good at every look for LongestProof, or a whole window if that is less
///   well ───────────► firing (GoodSince = null) ◄──over── firing (GoodSince) ───────────► well
///                            └──────────good────────────►
/// </code>
/// A look with fewer calls than the rule asks for changes nothing: silence is no proof of anything.
/// </summary>
internal static class AlertJudgement
{
    /// <summary>What was good for so long is well again, however long the window.</summary>
    public static readonly TimeSpan LongestProof = TimeSpan.FromHours(1);

    public static AlertState Next(AlertRule rule, AlertState state, AlertReading seen, DateTimeOffset now)
    {
        var next = state with { SeenAt = now, Seen = seen };
        if (seen.Value is not { } value || seen.Calls < rule.MinCalls)
        {
            return next;
        }

        if (value > rule.Over)
        {
            return state.IsFiring ? next with { GoodSince = null } : next with { IsFiring = true, Since = now, GoodSince = null };
        }

        if (!state.IsFiring)
        {
            return next;
        }

        var goodSince = state.GoodSince ?? now;
        return now - goodSince < ProofOf(rule)
            ? next with
            {
                GoodSince = goodSince,
            }
            : next with
            {
                IsFiring = false,
                Since = now,
                GoodSince = null,
            };
    }

    private static TimeSpan ProofOf(AlertRule rule) => rule.Window < LongestProof ? rule.Window : LongestProof;
}
