using Tunnel.Relay.Identity;
using Tunnel.Relay.Tests.State;
using Xunit;

namespace Tunnel.Relay.Tests.Identity;

[Trait("needs", "redis")]
public sealed class RedisTokenStoreTests(RedisServer redis) : TokenStoreContract, IClassFixture<RedisServer>, IAsyncLifetime
{
    private readonly RedisStores _stores = new(redis);

    private protected override DateTimeOffset Now => _stores.Time.GetUtcNow();

    [Fact]
    public async Task TokenThatIsNotThere_IsNotRefusedWhileTheStoreSettles()
    {
        var tokens = Open();
        await redis.Database(_stores.Database).KeyDeleteAsync("mcpr:run");

        await Assert.ThrowsAsync<TokenStoreUnavailableException>(async () =>
            await tokens.FindAsync("hash", inUse: null, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task TokenThatIsInUse_IsTakenBackByAStoreThatLostIt()
    {
        var tokens = Open();
        var token = new TokenRecord
        {
            Name = "alice",
            Names = NamePatterns.Parse("alice-*")!,
            MaxTunnels = 3,
            CreatedAt = Now,
            ExpiresAt = Now.AddDays(1),
        };
        await redis.Database(_stores.Database).KeyDeleteAsync("mcpr:run");
        var inUse = await tokens.FindAsync("hash", token, TestContext.Current.CancellationToken);
        await _stores.SettleAsync();

        var found = await tokens.FindAsync("hash", inUse: null, TestContext.Current.CancellationToken);

        Assert.Equal((token.Name, token.MaxTunnels, token.ExpiresAt), (found!.Name, found.MaxTunnels, found.ExpiresAt));
        Assert.Equal((inUse!.Name, "alice-*"), (found.Name, found.Names.ToString()));
    }

    [Fact]
    public async Task TokenThatWasRevoked_IsNotTakenBack()
    {
        var token = new TokenRecord { Name = "alice", CreatedAt = Now };

        Assert.Null(await Open().FindAsync("hash", token, TestContext.Current.CancellationToken));
    }

    public ValueTask InitializeAsync() => _stores.SettleAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private protected override ITokenStore Open() => _stores.OpenTokens();

    private protected override void PassTime(TimeSpan time) => _stores.Time.Advance(time);
}
