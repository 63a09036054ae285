using Tunnel.Relay.Configuration;
using Tunnel.Relay.Team.Alerts.Webhooks;

namespace Tunnel.Relay.Team.Alerts;

/// <summary>Sends a message at once, so that somebody sees whether it arrives.</summary>
internal sealed class AlertTest(WebhookSender sender, RelayOptions options, TimeProvider time)
{
    public Task<WebhookOutcome> SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        var body = AlertMessageBody.Write(
            AlertMessageBody.Test,
            alert.Project.Name,
            alert.Rule,
            alert.State.Seen,
            time.GetUtcNow(),
            options.OriginOf(TeamOptions.Label)
        );
        return sender.SendAsync(alert.Rule.Webhook, AlertMessage.NewId(), body, cancellationToken);
    }
}
