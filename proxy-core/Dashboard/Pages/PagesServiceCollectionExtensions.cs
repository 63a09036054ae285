using Microsoft.Extensions.DependencyInjection.Extensions;
using Tunnel.ProxyCore.Dashboard.Pages;
using Tunnel.ProxyCore.Dashboard.Studio;

namespace Microsoft.Extensions.DependencyInjection;

internal static class PagesServiceCollectionExtensions
{
    /// <summary>Adds the pages and what Studio asks, for the proxy that <c>AddMcpProxy</c> adds.</summary>
    public static IServiceCollection AddDashboardPages(this IServiceCollection services)
    {
        services.TryAddSingleton<PageAssets>();
        services.TryAddSingleton<PagesEndpoint>();
        services.TryAddSingleton<StudioCalls>();
        services.TryAddSingleton<StudioEndpoint>();
        return services;
    }
}
