using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Sqlite;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.History;

public sealed class HistoryWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task WhatWasWrittenLast_IsThereWhenItStops()
    {
        var store = NewStore();
        await using (
            var writer = new HistoryWriter(store, new HistoryOptions { MaxAge = TimeSpan.FromDays(10_000) }, _ => { }, TimeProvider.System)
        )
        {
            for (var count = 0; count < 5000; count++)
            {
                writer.Write(Guid.CreateVersion7(), Entries.Call);
            }
        }

        var state = await store.StateAsync(TestContext.Current.CancellationToken);
        Assert.Equal((5000, 0), (state.Events, state.Lost));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StoreThatCannotBeWritten_CostsEventsWhichAreCounted_AndIsToldOfOnce()
    {
        var store = new StubbornStore(NewStore(), HistoryWriter.MaxWaiting + 1);
        var said = new List<string>();
        var writer = new HistoryWriter(store, new HistoryOptions { MaxAge = TimeSpan.FromDays(10_000) }, said.Add, TimeProvider.System);
        writer.Write(Guid.CreateVersion7(), Entries.Call);
        await store.Refused.WaitAsync(TestContext.Current.CancellationToken);

        for (var count = 0; count < HistoryWriter.MaxWaiting + 10; count++)
        {
            writer.Write(Guid.CreateVersion7(), Entries.Call);
        }

        Assert.Equal(10, writer.Dropped);
        store.Allow();
        await store.Wrote.WaitAsync(TestContext.Current.CancellationToken);
        await writer.DisposeAsync();
        var state = await store.StateAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HistoryWriter.MaxWaiting + 1, 10), (state.Events, state.Lost));
        Assert.Equal(2, said.Count);
        Assert.Contains("cannot be written", said[0], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EventsThatCannotBeWrittenAtAll_CostThoseAndNotTheNext()
    {
        var store = new StubbornStore(NewStore(), 1, new InvalidOperationException("a bug"));
        var writer = new HistoryWriter(store, new HistoryOptions { MaxAge = TimeSpan.FromDays(10_000) }, _ => { }, TimeProvider.System);
        writer.Write(Guid.CreateVersion7(), Entries.Call);
        await store.Refused.WaitAsync(TestContext.Current.CancellationToken);
        store.Allow();

        writer.Write(Guid.CreateVersion7(), Entries.Call);

        await store.Wrote.WaitAsync(TestContext.Current.CancellationToken);
        await writer.DisposeAsync();
        var state = await store.StateAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (state.Events, state.Lost));
        Assert.Equal(1, writer.Dropped);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StoreThatBlocks_TakesNoThreadOfThePool()
    {
        var store = new StubbornStore(NewStore(), 1);
        store.Allow();
        var writer = new HistoryWriter(store, new HistoryOptions { MaxAge = TimeSpan.FromDays(10_000) }, _ => { }, TimeProvider.System);

        writer.Write(Guid.CreateVersion7(), Entries.Call);

        await store.Wrote.WaitAsync(TestContext.Current.CancellationToken);
        await writer.DisposeAsync();
        Assert.False(store.TookThreadOfThePool);
    }

    private SqliteHistoryStore NewStore() => new(HistoryDatabase.Create(_folder.PathOf("history.db")));
}
