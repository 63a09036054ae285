using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Team.Alerts.Webhooks;

namespace Tunnel.Relay.Team.Alerts;

internal static class AlertServiceCollectionExtensions
{
    /// <summary>All but the store.</summary>
    public static void AddAlerts(this IServiceCollection services, RelayOptions options)
    {
        services.AddSingleton(new GuardedDialer(options.Team.WebhookPrivate, Dns.GetHostAddressesAsync));
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<AlertMetrics>();
        services.AddSingleton<AlertTest>();
        services.AddSingleton<AlertEndpoints>();
        services.AddHostedService<AlertWatch>();
        services.AddHostedService<AlertPost>();
    }
}
