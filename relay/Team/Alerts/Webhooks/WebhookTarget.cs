namespace Tunnel.Relay.Team.Alerts.Webhooks;

/// <summary>Who gets messages. Chats put a secret into the path of the URL, so that only its origin is ever shown.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Secret">The key of the signature.</param>
internal sealed record WebhookTarget(Uri Url, WebhookSecret Secret)
{
    public string Origin => Url.GetLeftPart(UriPartial.Authority);

    public override string ToString() => Origin;
}
