using System.CommandLine;
using Tunnel.ProxyCore.History;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Names;
using Tunnel.Relay.State;
using Tunnel.Relay.State.Redis;
using Tunnel.Relay.Team;
using Tunnel.Relay.Team.Alerts;
using Tunnel.Relay.Team.Postgres;
using Tunnel.Relay.Team.Sqlite;

namespace Tunnel.Relay.Cli;

/// <summary>Lets commands work where a relay keeps its names and tokens: its folder, or the Redis that it shares.</summary>
/// <param name="resolve">Reads the options, or says what is wrong with them.</param>
internal sealed class RelayStores(Func<ParseResult, RelayOptions?> resolve)
{
    public Task<int> UseNamesAsync(ParseResult result, Func<INameStore, Task<int>> action) =>
        UseAsync(
            result,
            database => action(new SqliteNameStore(database, TimeProvider.System)),
            redis => action(new RedisNameStore(redis, TimeProvider.System))
        );

    public Task<int> UseDomainsAsync(ParseResult result, Func<IDomainStore, Task<int>> action) =>
        UseAsync(
            result,
            database => action(new SqliteDomainStore(database, TimeProvider.System)),
            redis => action(new RedisDomainStore(redis, TimeProvider.System))
        );

    public Task<int> UseTokensAsync(ParseResult result, Func<ITokenStore, Task<int>> action) =>
        UseAsync(
            result,
            database => action(new SqliteTokenStore(database, TimeProvider.System)),
            redis => action(new RedisTokenStore(redis, TimeProvider.System))
        );

    public Task<int> UseTeamAsync(ParseResult result, Func<ITeamStore, IProjectHistories, Task<int>> action) =>
        UseTeamAsync(result, (team, histories, _) => action(new SqlTeamStore(team, TimeProvider.System), histories));

    public Task<int> UseAlertsAsync(ParseResult result, Func<IAlertStore, RelayOptions, Task<int>> action) =>
        UseTeamAsync(result, (team, _, options) => action(new SqlAlertStore(team, TimeProvider.System), options));

    /// <summary>Projects are in a PostgreSQL, or in the folder of one relay.</summary>
    private Task<int> UseTeamAsync(ParseResult result, Func<ITeamDatabase, IProjectHistories, RelayOptions, Task<int>> action) =>
        ReportAsync(
            result,
            async options =>
            {
                if (options.Team.Database is { } shared)
                {
                    await using var database = new PostgresDatabase(shared);
                    return await action(new PostgresTeamDatabase(database), new PostgresProjectHistories(database), options);
                }

                using var histories = new SqliteProjectHistories(options);
                return await action(new SqliteTeamDatabase(new RelayDatabase(options)), histories, options);
            }
        );

    /// <returns>The exit code.</returns>
    private Task<int> UseAsync(ParseResult result, Func<RelayDatabase, Task<int>> onFolder, Func<RedisConnection, Task<int>> onRedis) =>
        ReportAsync(
            result,
            async options =>
            {
                if (options.RedisUrl is null)
                {
                    return await onFolder(new RelayDatabase(options));
                }

                await using var redis = new RedisConnection(options);
                return await onRedis(redis);
            }
        );

    /// <summary>Runs what needs a store, and tells what is wrong with it.</summary>
    /// <returns>The exit code.</returns>
    private async Task<int> ReportAsync(ParseResult result, Func<RelayOptions, Task<int>> action)
    {
        if (resolve(result) is not { } options)
        {
            return ExitCodes.Configuration;
        }

        try
        {
            return await action(options);
        }
        catch (DataDirectoryException unusable)
        {
            return Say.Fail(ExitCodes.Configuration, unusable.Message, DataDirectoryException.Hint);
        }
        catch (Exception unavailable)
            when (unavailable
                    is NameStoreUnavailableException
                        or TokenStoreUnavailableException
                        or TeamStoreUnavailableException
                        or HistoryUnavailableException
            )
        {
            var isOfTeam = unavailable is TeamStoreUnavailableException or HistoryUnavailableException;
            var hint =
                isOfTeam && options.Team.Database is not null ? "PostgreSQL may be away; try again"
                : options.RedisUrl is null ? "the folder may be busy or damaged; try again"
                : "Redis may be away, or was started a moment ago; try again";
            return Say.Fail(ExitCodes.Failure, $"{unavailable.Message}: {unavailable.InnerException?.Message}", hint);
        }
    }
}
