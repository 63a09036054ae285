namespace Tunnel.Relay.Team;

/// <summary>The team part: what connectors send, kept for projects and shown to their members.</summary>
internal sealed class TeamOptions
{
    /// <summary>The label below the relay's domain that the dashboard is at. No tunnel gets it.</summary>
    public const string Label = "dashboard";

    /// <summary>Default off: the label is one that nobody has, then.</summary>
    public bool IsOn { get; set; }

    /// <summary>Whether messages of alerts may go to this machine and the networks around it, and without TLS. Default no.</summary>
    public bool WebhookPrivate { get; set; }

    /// <summary>Events a second that one member may send, with ten seconds' worth at once; more get 429. Zero for no limit. Default 5,000.</summary>
    public int EventRate { get; set; } = 5_000;

    /// <summary>How to reach a PostgreSQL that several relays share for projects and their histories; it may hold a password. Unset for the relay's folder.</summary>
    public string? Database { get; set; }
}
