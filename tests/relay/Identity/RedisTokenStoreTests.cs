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
            await tokens.FindAsync("hash", TestContext.Current.CancellationToken)
        );
    }

    public ValueTask InitializeAsync() => _stores.SettleAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private protected override ITokenStore Open() => _stores.OpenTokens();

    private protected override void PassTime(TimeSpan time) => _stores.Time.Advance(time);
}
