using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.ProxyCore.Dashboard.Live;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Sqlite;
using Tunnel.ProxyCore.Tests.History;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Dashboard.Live;

public sealed class LiveFeedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task HistoryThatCannotBeReadAtFirst_IsFollowedOnceItCan()
    {
        var inner = new SqliteHistoryStore(HistoryDatabase.Create(_folder.PathOf("history.db")));
        var store = new StubbornStore(inner, expected: 1);
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var reader = new LiveFeed(store, TimeProvider.System, lifetime.ApplicationStopping).Add(_ => true)!;
        await store.Refused.WaitAsync(Cancellation);

        store.Allow();
        await store.FoundNewest.WaitAsync(Cancellation);
        var entry = Entries.New(Entries.Call);
        await inner.WriteAsync(new HistoryBatch { Entries = [entry] }, Cancellation);

        Assert.Equal(entry.Id, (await reader.Events.ReadAsync(Cancellation)).Id);
        lifetime.StopApplication();
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task UnforeseenFailure_EndsReadersAndTheNextOneIsServed()
    {
        var inner = new SqliteHistoryStore(HistoryDatabase.Create(_folder.PathOf("history.db")));
        var store = new StubbornStore(inner, expected: 1, new InvalidOperationException("nobody foresaw that"));
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var feed = new LiveFeed(store, TimeProvider.System, lifetime.ApplicationStopping);

        Assert.False(await feed.Add(_ => true)!.Events.WaitToReadAsync(Cancellation));

        store.Allow();
        var reader = feed.Add(_ => true)!;
        await store.FoundNewest.WaitAsync(Cancellation);
        var entry = Entries.New(Entries.Call);
        await inner.WriteAsync(new HistoryBatch { Entries = [entry] }, Cancellation);

        Assert.Equal(entry.Id, (await reader.Events.ReadAsync(Cancellation)).Id);
        lifetime.StopApplication();
    }
}
