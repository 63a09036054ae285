using Tunnel.ProxyCore.History;
using Tunnel.Relay.Team.Postgres;
using Tunnel.Tests;
using Tunnel.Tests.Postgres;
using Xunit;
using static Tunnel.Tests.History.Entries;

namespace Tunnel.Relay.Tests.Team.Postgres;

/// <summary>The database goes away and comes back.</summary>
[Trait("needs", "postgres")]
public sealed class PostgresLossTests
{
    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WhileItIsGone_WritingFailsSoon_AndLaterTheSameBatchIsWrittenOnce()
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await PostgresServer.StartAsync(token);
        await using var database = new PostgresDatabase(server.ConnectionStringOf("postgres"));
        var store = new PostgresHistoryStore(database, new PostgresSchema("project_1"));
        var (first, second) = (new HistoryBatch { Entries = [New(Call)] }, new HistoryBatch { Entries = [New(Call)] });
        Assert.Equal(1, await store.WriteAsync(first, token));

        await server.StopAsync();
        await Assert.ThrowsAsync<HistoryUnavailableException>(async () => await store.WriteAsync(second, token));
        await Assert.ThrowsAsync<HistoryUnavailableException>(async () => await store.StateAsync(token));
        await server.RunAsync(token);

        Assert.Equal(0, await WhenBackAsync(() => store.WriteAsync(first, token)));
        Assert.Equal(1, await store.WriteAsync(second, token));
        Assert.Equal(2, (await store.StateAsync(token)).Events);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatStartsBeforeIt_GoesOnOnceItIsThere()
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await PostgresServer.StartAsync(token);
        await server.StopAsync();
        await using var database = new PostgresDatabase(server.ConnectionStringOf("postgres"));
        var store = new PostgresHistoryStore(database, new PostgresSchema("project_1"));
        await Assert.ThrowsAsync<HistoryUnavailableException>(async () => await store.StateAsync(token));

        await server.RunAsync(token);

        Assert.Equal(0, (await WhenBackAsync(() => store.StateAsync(token))).Events);
    }

    /// <summary>Connections that died with it are noticed by those who use them first.</summary>
    private static async Task<T> WhenBackAsync<T>(Func<ValueTask<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (HistoryUnavailableException)
            {
                await Task.Yield();
            }
        }
    }
}
