using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Dashboard.Api;
using Tunnel.ProxyCore.Dashboard.Pages;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Team.Access;
using Tunnel.Relay.Team.Alerts;
using Tunnel.Relay.Team.Ingest;

namespace Tunnel.Relay.Team;

internal static class TeamApplicationExtensions
{
    /// <summary>Answers what is for the host of the dashboard, and lets everything else pass by.</summary>
    public static void UseTeam(this WebApplication app, RelayOptions options)
    {
        if (options.Team.IsOn)
        {
            app.MapWhen(TeamHost.IsFor, Configure);
        }
    }

    private static void Configure(IApplicationBuilder team)
    {
        var services = team.ApplicationServices;
        team.UseWhen(
            // Routing does not tell upper from lower case, so neither may this.
            context => context.Request.Path.StartsWithSegments(HistoryApi.Root, StringComparison.OrdinalIgnoreCase),
            api => api.UseMiddleware<TeamGate>()
        );
        team.UseRouting();
        team.UseEndpoints(endpoints =>
        {
            services.GetRequiredService<IngestEndpoint>().Map(endpoints);
            services.GetRequiredService<LoginEndpoint>().Map(endpoints);
            var api = endpoints.MapGroup(HistoryApi.Root);
            api.MapHistory(context => context.Features.GetRequiredFeature<HistoryView>());
            services.GetRequiredService<TeamStatus>().Map(api);
            services.GetRequiredService<AlertEndpoints>().Map(api);
        });

        // The pages are the same for everybody and have no secret; what they ask the API needs a member.
        var pages = services.GetRequiredService<PagesEndpoint>();
        team.Run(context =>
            context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                ? ApiAnswer.FailAsync(context, StatusCodes.Status404NotFound, "there is nothing here")
                : pages.ServeAsync(context, sandbox: null)
        );
    }
}
