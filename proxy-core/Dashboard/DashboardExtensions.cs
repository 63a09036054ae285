using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tunnel.ProxyCore.Dashboard.Access;
using Tunnel.ProxyCore.Dashboard.Api;
using Tunnel.ProxyCore.Dashboard.Pages;
using Tunnel.ProxyCore.Dashboard.Sending;
using Tunnel.ProxyCore.Dashboard.Studio;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Dashboard;

/// <summary>Adds the dashboard of this process to an application that has a <see cref="DashboardListener"/>.</summary>
public static class DashboardExtensions
{
    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions options, DashboardKey key)
    {
        services.AddRouting();
        services.AddSingleton(options);
        services.AddSingleton(key);
        services.AddSingleton(options.History.Store);
        services.AddDashboardPages().AddStudio();
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
                    var api = endpoints.MapGroup(HistoryApi.Root);
                    var services = dashboard.ApplicationServices;
                    var options = services.GetRequiredService<DashboardOptions>();
                    var time = services.GetRequiredService<TimeProvider>();
                    var servers = services.GetRequiredService<McpServers>();
                    var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                    var view = new HistoryView(options.History.Store, options.Captures, time, stopping);
                    api.MapHistory(_ => view);
                    var call = new InProcessCall(services.GetRequiredService<McpProxy>(), services, time);
                    new CaptureEndpoints(view.History, view.Requests, options, call).Map(api);
                    new StatusEndpoint(options, servers, time).Map(api);
                    services.GetRequiredService<StudioEndpoint>().Map(api);
                });
                var pages = dashboard.ApplicationServices.GetRequiredService<PagesEndpoint>();
                dashboard.Run(context =>
                    context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
                        ? ApiAnswer.FailAsync(context, StatusCodes.Status404NotFound, "there is nothing here")
                        : pages.ServeAsync(context, WidgetSandbox.OriginsFor(context.Request))
                );
            }
        );
}
