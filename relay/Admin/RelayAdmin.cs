using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Admin;
using Tunnel.ProxyCore.Telemetry.Prometheus;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Admin;

/// <summary>
/// The port for operators, <c>--admin</c>: <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c>, and commands below <c>/api/v1</c>. Nothing is
/// counted without it.
/// </summary>
internal static class RelayAdmin
{
    private static readonly string[] s_meters =
    [
        RelayMetrics.MeterName,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http",
        "System.Runtime",
    ];

    public static void AddRelayAdmin(this IServiceCollection services, RelayOptions options)
    {
        services.AddSingleton<RelayMetrics>();
        services.AddSingleton<IReadiness, RelayReadiness>();
        if (options.Admin is not null)
        {
            services.AddSingleton<RelayGauges>();
            services.AddSingleton<AdminAccess>();
            services.AddSingleton<TunnelAdmin>();
            services.AddSingleton<NameAdmin>();
            services.AddSingleton<IAdminApi, AdminApi>();
            services.AddSingleton(new AllowedHosts([]));
            services.AddSingleton(_ => new MetricCollector(s_meters));
        }
    }

    public static void UseRelayAdmin(this WebApplication app, RelayOptions options)
    {
        if (options.Admin is null)
        {
            return;
        }

        // What is made later would have missed what happened until then.
        app.Services.GetRequiredService<MetricCollector>();
        app.Services.GetRequiredService<RelayGauges>();
        app.UseMiddleware<AdminMiddleware>();
        app.UseMiddleware<ErrorCountMiddleware>();
    }
}
