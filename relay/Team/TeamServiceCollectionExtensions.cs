using Microsoft.Extensions.DependencyInjection;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Team.Access;
using Tunnel.Relay.Team.Alerts;
using Tunnel.Relay.Team.Ingest;
using Tunnel.Relay.Team.Postgres;
using Tunnel.Relay.Team.Sqlite;

namespace Tunnel.Relay.Team;

internal static class TeamServiceCollectionExtensions
{
    public static void AddTeam(this IServiceCollection services, RelayOptions options)
    {
        if (!options.Team.IsOn)
        {
            return;
        }

        AddStores(services, options);
        services.AddDashboardPages();
        services.AddSingleton<TeamHost>();
        services.AddSingleton<TeamAccess>();
        services.AddSingleton<TeamCookie>();
        services.AddSingleton<LoginLimit>();
        services.AddSingleton<LoginEndpoint>();
        services.AddSingleton<ProjectViews>();
        services.AddSingleton<TeamStatus>();
        services.AddSingleton<TeamMetrics>();
        services.AddAlerts(options);
        services.AddSingleton<IngestLimits>();
        services.AddSingleton<IngestEndpoint>();
        services.AddHostedService<ProjectUpkeep>();
    }

    private static void AddStores(IServiceCollection services, RelayOptions options)
    {
        if (options.Team.Database is { } database)
        {
            services.AddSingleton(_ => new PostgresDatabase(database));
            services.AddSingleton<ITeamDatabase, PostgresTeamDatabase>();
            services.AddSingleton<IProjectHistories, PostgresProjectHistories>();
        }
        else
        {
            services.AddSingleton<ITeamDatabase, SqliteTeamDatabase>();
            services.AddSingleton<IProjectHistories, SqliteProjectHistories>();
        }

        services.AddSingleton<ITeamStore, SqlTeamStore>();
        services.AddSingleton<IAlertStore, SqlAlertStore>();
    }
}
