namespace Tunnel.Relay.Team.Alerts.Webhooks;

/// <summary>How sending a message ended.</summary>
/// <param name="Kind">Whether to try again.</param>
/// <param name="Told">What people are told, such as <c>status 500</c>.</param>
internal readonly record struct WebhookOutcome(WebhookOutcomeKind Kind, string Told);

internal enum WebhookOutcomeKind
{
    Delivered,

    /// <summary>It may go better later.</summary>
    Failed,

    /// <summary>The receiver wants nothing any more (410), or may not be called.</summary>
    Refused,
}
