namespace Tunnel.Relay.Team.Alerts;

/// <summary>How a rule stands.</summary>
internal sealed record AlertState
{
    /// <summary>That of a rule that nobody has looked at.</summary>
    public static readonly AlertState Unseen = new();

    public bool IsFiring { get; init; }

    /// <summary>In one word, for people and programs.</summary>
    public string Name =>
        IsFiring ? "firing"
        : SeenAt is null ? "unseen"
        : "ok";

    /// <summary>Since when it is so; null before the first change.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>While it fires: since when every look that said something was good.</summary>
    public DateTimeOffset? GoodSince { get; init; }

    /// <summary>When it was looked at last.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>What was seen then.</summary>
    public AlertReading Seen { get; init; } = AlertReading.Nothing;
}
