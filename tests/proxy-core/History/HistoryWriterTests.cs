using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;
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
                writer.Write(Entries.Call);
            }
        }

        var state = await store.StateAsync(TestContext.Current.CancellationToken);
        Assert.Equal((5000, 0), (state.Events, state.Lost));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StoreThatCannotBeWritten_CostsEventsWhichAreCounted_AndIsToldOfOnce()
    {
        var store = new StubbornStore(NewStore());
        var said = new List<string>();
        var writer = new HistoryWriter(store, new HistoryOptions { MaxAge = TimeSpan.FromDays(10_000) }, said.Add, TimeProvider.System);
        writer.Write(Entries.Call);
        await store.Refused.WaitAsync(TestContext.Current.CancellationToken);

        for (var count = 0; count < HistoryWriter.MaxWaiting + 10; count++)
        {
            writer.Write(Entries.Call);
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

    private SqliteHistoryStore NewStore() => new(HistoryDatabase.Create(_folder.PathOf("history.db")));

    /// <summary>A store that refuses to write until it is allowed.</summary>
    private sealed class StubbornStore(IHistoryStore inner) : IHistoryStore
    {
        private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _wrote = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isAllowed;
        private int _written;

        public Task Refused => _refused.Task;

        public Task Wrote => _wrote.Task;

        public void Allow() => _isAllowed = true;

        public async ValueTask<int> WriteAsync(HistoryBatch batch, CancellationToken cancellationToken)
        {
            if (!_isAllowed)
            {
                _refused.TrySetResult();
                throw new HistoryUnavailableException("full", new IOException());
            }

            var written = await inner.WriteAsync(batch, cancellationToken);
            _written += written;
            if (_written > HistoryWriter.MaxWaiting)
            {
                _wrote.TrySetResult();
            }

            return written;
        }

        public ValueTask<HistoryState> StateAsync(CancellationToken cancellationToken) => inner.StateAsync(cancellationToken);

        public ValueTask PruneAsync(DateTimeOffset now, HistoryOptions options, CancellationToken cancellationToken) =>
            inner.PruneAsync(now, options, cancellationToken);

        public ValueTask<EventPage> EventsAsync(EventQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<StoredEvent?> FindAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> NewestAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Series>> SeriesAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Rollup>> RollupsAsync(HistoryFilter filter, int widthSeconds, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<FailurePage> FailuresAsync(HistoryFilter filter, TimeSpan stepWidth, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<StoredEvent>> SlowestAsync(
            HistoryFilter filter,
            ToolKey tool,
            TimeSpan least,
            int limit,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<StoredSession>> SessionsAsync(
            HistoryFilter filter,
            int limit,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public ValueTask<StoredSession?> SessionAsync(long id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> CountSessionsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<StoredViolation>> ViolationsAsync(
            HistoryFilter filter,
            int limit,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ToolVersion>> ToolVersionsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<HistoryGaps> GapsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
