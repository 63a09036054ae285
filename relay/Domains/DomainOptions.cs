using System.Net;

namespace Tunnel.Relay.Domains;

/// <summary>Domains of their own that owners use for their names.</summary>
internal sealed class DomainOptions
{
    /// <summary>Domains that one owner with a token may claim; zero for none. Default 10.</summary>
    public int MaxPerOwner { get; set; } = 10;

    /// <summary>Domains that all may claim together. Default 1,000.</summary>
    public int Max { get; set; } = 1000;

    /// <summary>Resolvers that see the proofs; none for those of the system.</summary>
    public IReadOnlyList<IPEndPoint> Resolvers { get; set; } = [];

    /// <summary>How often a proof is looked up again. Default 6 hours.</summary>
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How long a proof may be away until the domain is taken off. Default 3 days.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How soon to look again where somebody waits for it.</summary>
    private static readonly TimeSpan s_unsettled = TimeSpan.FromMinutes(1);

    public DomainBounds Bounds => new(MaxPerOwner, Max);

    public DomainPace Pace => new(CheckEvery, CheckEvery < s_unsettled ? CheckEvery : s_unsettled, Grace);
}
