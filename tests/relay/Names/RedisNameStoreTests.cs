using Tunnel.Relay.Configuration;
using Tunnel.Relay.Names;
using Tunnel.Relay.State.Redis;
using Tunnel.Relay.Tests.State;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Names;

[Trait("needs", "redis")]
public sealed class RedisNameStoreTests(RedisServer redis) : NameStoreContract, IClassFixture<RedisServer>, IAsyncLifetime
{
    private readonly RedisStores _stores = new(redis);

    private protected override DateTimeOffset Now => _stores.Time.GetUtcNow();

    public ValueTask InitializeAsync() => _stores.SettleAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private protected override INameStore Open() => _stores.OpenNames();

    private protected override void PassTime(TimeSpan time) => _stores.Time.Advance(time);
}

[Trait("needs", "redis")]
public sealed class RedisNameStoreInterleavingTests(RedisServer redis) : NameStoreInterleavings, IClassFixture<RedisServer>, IAsyncLifetime
{
    private readonly RedisStores _stores = new(redis);

    public ValueTask InitializeAsync() => _stores.SettleAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private protected override INameStore Open() => _stores.OpenNames();

    private protected override void PassTime(TimeSpan time) => _stores.Time.Advance(time);
}
