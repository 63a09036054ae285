using Tunnel.Relay.Team.Alerts;
using Tunnel.Relay.Team.Alerts.Webhooks;

namespace Tunnel.Relay.Tests.Team.Alerts;

/// <summary>Rules to try.</summary>
internal static class Rules
{
    public static AlertRule New(
        double over = 0.1,
        int minCalls = 1,
        AlertMetric metric = AlertMetric.ErrorRate,
        string? tool = "search",
        Uri? url = null,
        DateTimeOffset createdAt = default
    ) =>
        new()
        {
            Id = AlertRule.NewId(),
            Tool = tool,
            Metric = metric,
            Over = over,
            Window = TimeSpan.FromMinutes(5),
            MinCalls = minCalls,
            Webhook = new WebhookTarget(url ?? new Uri("https://hooks.example.com/secret"), WebhookSecret.New()),
            CreatedAt = createdAt,
        };
}
