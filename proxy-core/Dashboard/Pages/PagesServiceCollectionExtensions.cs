using Microsoft.Extensions.DependencyInjection.Extensions;
using Tunnel.ProxyCore.Dashboard.Pages;
using Tunnel.ProxyCore.Dashboard.Studio;

namespace Microsoft.Extensions.DependencyInjection;

public static class PagesServiceCollectionExtensions
{
    /// <summary>Adds the pages.</summary>
    public static IServiceCollection AddDashboardPages(this IServiceCollection services)
    {
        services.TryAddSingleton<PageAssets>();
        services.TryAddSingleton<PagesEndpoint>();
        return services;
    }

    /// <summary>Adds what Studio asks, for the proxy that <c>AddMcpProxy</c> adds.</summary>
    internal static IServiceCollection AddStudio(this IServiceCollection services)
    {
        services.TryAddSingleton<StudioCalls>();
        services.TryAddSingleton<StudioEndpoint>();
        return services;
    }
}
