using System.CommandLine;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Names;
using Tunnel.Relay.State;
using Tunnel.Relay.State.Redis;

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

    /// <returns>The exit code.</returns>
    private async Task<int> UseAsync(ParseResult result, Func<RelayDatabase, Task<int>> onFolder, Func<RedisConnection, Task<int>> onRedis)
    {
        if (resolve(result) is not { } options)
        {
            return ExitCodes.Configuration;
        }

        try
        {
            if (options.RedisUrl is null)
            {
                return await onFolder(new RelayDatabase(options));
            }

            await using var redis = new RedisConnection(options);
            return await onRedis(redis);
        }
        catch (DataDirectoryException unusable)
        {
            return Say.Fail(ExitCodes.Configuration, unusable.Message, DataDirectoryException.Hint);
        }
        catch (Exception unavailable) when (unavailable is NameStoreUnavailableException or TokenStoreUnavailableException)
        {
            var hint = options.RedisUrl is null
                ? "the folder may be busy or damaged; try again"
                : "Redis may be away, or was started a moment ago; try again";
            return Say.Fail(ExitCodes.Failure, $"{unavailable.Message}: {unavailable.InnerException?.Message}", hint);
        }
    }
}
