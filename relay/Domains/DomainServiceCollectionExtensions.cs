using Microsoft.Extensions.DependencyInjection;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Control;
using Tunnel.Relay.Domains.Dns;

namespace Tunnel.Relay.Domains;

internal static class DomainServiceCollectionExtensions
{
    /// <summary>All but the store.</summary>
    public static void AddDomains(this IServiceCollection services, RelayOptions options)
    {
        services.AddSingleton(options.Domains);
        services.AddSingleton<DomainRoutes>();
        services.AddSingleton<DomainNews>();
        services.AddSingleton<TxtResolver>();
        services.AddSingleton<DomainEndpoints>();
        services.AddSingleton<DomainUpkeep>();
        services.AddHostedService(provider => provider.GetRequiredService<DomainUpkeep>());
    }
}
