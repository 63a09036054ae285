using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Bridge;
using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Pages;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Routing;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Servers.Offers;
using Tunnel.ProxyCore.Telemetry;
using Tunnel.ProxyCore.Widgets;
using Tunnel.ProxyCore.Widgets.Reports;
using Tunnel.ProxyCore.Widgets.Sources;

namespace Microsoft.Extensions.DependencyInjection;

public static class McpProxyServiceCollectionExtensions
{
    /// <summary>Adds the proxy that <c>app.RunMcpProxy()</c> runs and <c>app.MapMcpProxy(…)</c> maps. Options are checked at start.</summary>
    public static IServiceCollection AddMcpProxy(this IServiceCollection services, Action<McpProxyOptions>? configure = null)
    {
        services.AddOptions<McpProxyOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<McpProxyOptions>, McpProxyOptionsValidator>());
        services.AddStreamingForwarder();
        services.TryAddSingleton<BridgeMetrics>();
        services.TryAddSingleton<StdioServers>();
        services.TryAddSingleton<McpServers>();
        services.TryAddSingleton<McpRouter>();
        services.AddHostedService<UpstreamHealth>();
        services.TryAddSingleton(provider => ApiKeys.Of(provider.GetRequiredService<IOptionsMonitor<McpProxyOptions>>()));
        services.TryAddSingleton<CallRefuser>();
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton<McpMetrics>();
        services.TryAddSingleton<EventPublisher>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IExchangeSink, McpMetrics>(provider => provider.GetRequiredService<McpMetrics>())
        );
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IExchangeSink, EventPublisher>(provider => provider.GetRequiredService<EventPublisher>())
        );
        services.TryAddSingleton<SessionEnds>();
        services.TryAddSingleton<SessionDirectory>();
        services.AddHostedService<SessionExpiry>();
        services.TryAddSingleton<ListedWidgets>();
        services.TryAddSingleton<ViolationReports>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMessageRule, WidgetMetadataRule>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMessageRule, WidgetHtmlRule>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IResponseRule, CspHeaderRule>());
        services.TryAddSingleton<OAuthPaths>();
        services.TryAddSingleton<ResourceNames>();
        services.TryAddSingleton<ResourceParameter>();
        services.TryAddSingleton<OAuthHeaders>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IResponseRule, OAuthDocumentRule>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMessageRule, OfferRule>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IResponseRule, ReportScriptRule>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IResponseRule, MessageRewriting>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IResponseRule, WidgetPageRule>());
        services.TryAddSingleton<EventStreamKeepAlive>();
        services.TryAddSingleton<EndpointVisit>();
        services.TryAddSingleton<ResponseRewriting>();
        services.TryAddSingleton(NewWidgets);
        services.TryAddSingleton(provider => new SandboxCalls(provider.GetRequiredService<McpRouter>()));
        services.TryAddSingleton<ExchangeInspection>();
        services.TryAddSingleton<McpProxy>();
        return services;
    }

    private static WidgetServing NewWidgets(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<McpProxyOptions>>();
        var rewriting = provider.GetRequiredService<ResponseRewriting>();
        IWidgetSource? source = options.CurrentValue switch
        {
            { WidgetFolder: { } folder } => new FolderSource(folder, rewriting),
            { WidgetServer: { } url } => new DevServer(
                new UpstreamClient(url, options),
                provider.GetRequiredService<StreamingForwarder>(),
                rewriting
            ),
            _ => null,
        };
        return new WidgetServing(source, provider.GetRequiredService<TimeProvider>());
    }

    /// <summary>Adds only the forwarding that both hops of a tunnel share.</summary>
    public static IServiceCollection AddStreamingForwarder(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StreamingForwarder>();
        return services;
    }
}
