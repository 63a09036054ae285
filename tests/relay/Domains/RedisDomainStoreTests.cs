using Tunnel.Relay.Domains;
using Tunnel.Relay.Names;
using Tunnel.Relay.Tests.State;
using Xunit;

namespace Tunnel.Relay.Tests.Domains;

[Trait("needs", "redis")]
public sealed class RedisDomainStoreTests(RedisServer redis) : DomainStoreContract, IClassFixture<RedisServer>, IAsyncLifetime
{
    private readonly RedisStores _stores = new(redis);

    private protected override DateTimeOffset Now => _stores.Time.GetUtcNow();

    public ValueTask InitializeAsync() => _stores.SettleAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task DomainsThatWereLost_AreTheirOwnersAgainAndNobodyElses()
    {
        var token = TestContext.Current.CancellationToken;
        DomainBounds bounds = new(5, 5);
        DomainPace pace = new(TimeSpan.FromHours(6), TimeSpan.FromMinutes(1), TimeSpan.FromDays(3));
        var store = Open();
        var alices = new DomainClaim
        {
            Domain = "mcp.example.com",
            OwnerId = "alice",
            Name = "otter",
            Challenge = "alices",
        };
        await store.AddAsync(alices, bounds, token);
        await store.JudgeAsync(alices.Domain, ["alices"], pace, token);
        var known = await store.ReadActiveAsync(DomainSnapshot.Nothing, token);

        await redis.Database(_stores.Database).ExecuteAsync("FLUSHDB");
        Assert.Same(known, await store.ReadActiveAsync(known, token));
        await Assert.ThrowsAsync<NameStoreUnavailableException>(async () =>
            await store.AddAsync(alices with { OwnerId = "bob", Challenge = "bobs" }, bounds, token)
        );
        await Assert.ThrowsAsync<NameStoreUnavailableException>(async () => await store.ReadActiveAsync(DomainSnapshot.Nothing, token));
        await _stores.SettleAsync();

        var active = Assert.Single((await store.ReadActiveAsync(known, token)).Active);
        Assert.Equal(("alice", "alices"), (active.OwnerId, active.Challenge));
        Assert.Equal([alices.Domain], await store.TakeDueAsync(5, token));
        Assert.Single(await store.ListAsync("alice", token));
    }

    private protected override IDomainStore Open() => _stores.OpenDomains();

    private protected override void PassTime(TimeSpan time) => _stores.Time.Advance(time);
}

[Trait("needs", "redis")]
public sealed class RedisDomainStoreInterleavingTests(RedisServer redis)
    : DomainStoreInterleavings,
        IClassFixture<RedisServer>,
        IAsyncLifetime
{
    private readonly RedisStores _stores = new(redis);

    public ValueTask InitializeAsync() => _stores.SettleAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private protected override IDomainStore Open() => _stores.OpenDomains();
}
