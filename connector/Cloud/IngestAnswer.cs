namespace Tunnel.Connector.Cloud;

/// <summary>What became of a batch.</summary>
internal enum IngestVerdict
{
    /// <summary>The relay has it.</summary>
    Taken,

    /// <summary>It is too large in one.</summary>
    TooLarge,

    /// <summary>It came too slowly.</summary>
    TooSlow,

    /// <summary>The relay cannot read it, or some lines of it, now or ever.</summary>
    Unreadable,

    /// <summary>The relay failed at it, which may be its own fault or the batch's.</summary>
    Stumbled,

    /// <summary>The relay does not take events with this token.</summary>
    Refused,

    /// <summary>Nobody has it; the same batch can be sent again.</summary>
    Later,
}

/// <summary>The answer of a relay to a batch.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="Reason">Why it was not taken, for people.</param>
internal sealed record IngestAnswer(IngestVerdict Verdict, string Reason)
{
    public static readonly IngestAnswer Taken = new(IngestVerdict.Taken, string.Empty);

    /// <summary>The lines that it cannot read, from 1; none where all of it is meant.</summary>
    public IReadOnlyList<int> BadLines { get; init; } = [];

    /// <summary>When to try again, where the relay said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
