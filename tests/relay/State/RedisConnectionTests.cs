using System.Threading.Channels;
using Tunnel.Relay.State.Redis;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.State;

[Trait("needs", "redis")]
public sealed class RedisConnectionTests(RedisServer server) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private readonly RedisStores _stores = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ListenerThatTriesAgain_HearsEverythingOnce()
    {
        var redis = _stores.Connect();
        var heard = Channel.CreateUnbounded<string>();
        await ListenAsync(redis, heard.Writer);
        await ListenAsync(redis, heard.Writer);

        // Where the client had no connection for it yet, it listens a little later.
        await server.WhenListeningAsync($"news@{_stores.Database.AbsolutePath[1..]}");
        await redis.PublishAsync("news", "one", Token);
        await redis.PublishAsync("news", "two", Token);

        // The client does not keep the order.
        string[] both = [await heard.Reader.ReadAsync(Token), await heard.Reader.ReadAsync(Token)];
        Assert.Equal(["one", "two"], both.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static Task ListenAsync(RedisConnection redis, ChannelWriter<string> heard) =>
        redis.SubscribeAsync("news", message => heard.TryWrite(message), Token);
}
