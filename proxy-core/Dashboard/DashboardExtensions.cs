using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Dashboard.Access;
using Tunnel.ProxyCore.Dashboard.Api;
using Tunnel.ProxyCore.Dashboard.Live;
using Tunnel.ProxyCore.Dashboard.Pages;
using Tunnel.ProxyCore.Dashboard.Sending;
using Tunnel.ProxyCore.Dashboard.Studio;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Dashboard;

/// <summary>Adds the dashboard of this process to an application that has a <see cref="DashboardListener"/>.</summary>
public static class DashboardExtensions
{
    private const string Root = "/api/v1";

    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions options, DashboardKey key)
    {
        services.AddRouting();
        services.AddSingleton(options);
        services.AddSingleton(key);
        services.AddSingleton(options.History.Store);
        services.AddSingleton<LiveFeed>();
        services.AddDashboardPages();
        if (options.Captures is { } captures)
        {
            services.AddSingleton(captures);
        }

        return services;
    }

    /// <summary>Answers what comes in by the port of the dashboard, and lets everything else pass by.</summary>
    public static void UseDashboard(this IApplicationBuilder app) =>
        app.MapWhen(
            DashboardListener.IsCallOf,
            dashboard =>
            {
                // Widgets have no cookie, and their origin is not the dashboard's.
                dashboard.UseMiddleware<WidgetSandbox>();
                dashboard.UseMiddleware<DashboardGate>();
                dashboard.UseRouting();
                dashboard.UseEndpoints(endpoints =>
                {
                    var api = endpoints.MapGroup(Root);
                    var services = dashboard.ApplicationServices;
                    var options = services.GetRequiredService<DashboardOptions>();
                    var time = services.GetRequiredService<TimeProvider>();
                    var servers = services.GetRequiredService<McpServers>();
                    var history = new HistoryEndpoints(
                        options.History.Store,
                        requestId => options.Captures?.Find(requestId) is not null,
                        time
                    );
                    history.Map(api);
                    new SessionEndpoints(history, options.History.Store).Map(api);
                    new SchemasEndpoint(history, options.History.Store).Map(api);
                    var requests = new RequestEndpoints(history, options.History.Store, options.Captures);
                    requests.Map(api);
                    var call = new InProcessCall(services.GetRequiredService<McpProxy>(), services, time);
                    new CaptureEndpoints(history, requests, options, call).Map(api);
                    new StatusEndpoint(options, servers, time).Map(api);
                    new StreamEndpoint(services.GetRequiredService<LiveFeed>(), history, options.History.Store, time).Map(api);
                    services.GetRequiredService<StudioEndpoint>().Map(api);
                });
                var pages = dashboard.ApplicationServices.GetRequiredService<PagesEndpoint>();
                dashboard.Run(context =>
                    context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
                        ? ApiAnswer.FailAsync(context, StatusCodes.Status404NotFound, "there is nothing here")
                        : pages.ServeAsync(context)
                );
            }
        );
}
