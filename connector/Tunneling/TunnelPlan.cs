using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>What a tunnel lacks.</summary>
internal enum TunnelLack
{
    /// <summary>Nothing is open.</summary>
    Everything,

    /// <summary>All relays that have it are about to stop.</summary>
    Replacement,

    /// <summary>One relay has it, and others could: losing that one would interrupt everything.</summary>
    Companion,
}

/// <summary>What to open next.</summary>
/// <param name="Lack">What it is for.</param>
/// <param name="Relays">Where, in turn.</param>
/// <param name="Continues">The opening to go on with, or null for a new one.</param>
internal sealed record TunnelPlan(TunnelLack Lack, IReadOnlyList<Uri> Relays, OpenedTunnel? Continues)
{
    /// <param name="openings">What is open now, the newest last.</param>
    /// <param name="relays">Where to open a tunnel when nothing is open.</param>
    /// <returns>Null when nothing is lacking.</returns>
    public static TunnelPlan? Of(IReadOnlyList<OpeningState> openings, IReadOnlyList<Uri> relays)
    {
        if (openings is not [.., var newest])
        {
            return new TunnelPlan(TunnelLack.Everything, relays, Continues: null);
        }

        var staying = openings.Where(opening => !opening.IsStopping).ToList();
        return staying switch
        {
            [] => new TunnelPlan(TunnelLack.Replacement, [.. newest.Elsewhere, .. relays], newest.Tunnel),
            [{ IsUp: true, Elsewhere.Count: > 0 } only] => new TunnelPlan(TunnelLack.Companion, only.Elsewhere, only.Tunnel),
            _ => null,
        };
    }

    /// <summary>Whether an attempt that was begun for another plan will do for this one.</summary>
    /// <param name="attempt">The plan of the attempt.</param>
    /// <param name="isDialling">Whether it is past the wait before it.</param>
    public bool IsServedBy(TunnelPlan attempt, bool isDialling) =>
        attempt.Lack == Lack
            ? isDialling || attempt.Relays.SequenceEqual(Relays)
            : isDialling
                && (attempt.Lack, Lack)
                    is
                        (TunnelLack.Companion, TunnelLack.Replacement)
                        or
                        (TunnelLack.Replacement, TunnelLack.Everything);
}

/// <summary>An opening, as far as it matters to what is opened next.</summary>
/// <param name="Tunnel">What the relay granted.</param>
/// <param name="Relay">Where the relay was reached.</param>
/// <param name="IsUp">Whether it carries requests.</param>
/// <param name="IsStopping">Whether its relay is about to stop, or a newer opening has made an end of it.</param>
/// <param name="Elsewhere">Other relays that it can be served at, the best first.</param>
internal sealed record OpeningState(OpenedTunnel Tunnel, Uri Relay, bool IsUp, bool IsStopping, IReadOnlyList<Uri> Elsewhere);
