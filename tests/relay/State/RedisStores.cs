using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Names;
using Tunnel.Relay.State.Redis;
using Tunnel.Tests;

namespace Tunnel.Relay.Tests.State;

/// <summary>Stores over one database, each with a connection of its own, as on several relays.</summary>
internal sealed class RedisStores(RedisServer server) : IAsyncDisposable
{
    private readonly List<RedisConnection> _connections = [];

    public Uri Database { get; } = server.NewDatabase();

    public ManualTimeProvider Time { get; } = new();

    /// <summary>Lets the time pass in which a store that begins gives nothing away.</summary>
    public ValueTask SettleAsync() => new(server.SettleAsync(Database));

    public INameStore OpenNames() => new RedisNameStore(Connect(), Time);

    public IDomainStore OpenDomains() => new RedisDomainStore(Connect(), Time);

    public ITokenStore OpenTokens() => new RedisTokenStore(Connect(), Time);

    public RedisConnection Connect()
    {
        var connection = new RedisConnection(new RelayOptions { RedisUrl = Database });
        _connections.Add(connection);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }
}
