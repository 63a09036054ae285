using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.Relay.Team.Sqlite;

/// <summary>A store that blocks its callers, on threads that may be blocked. Writing does not wait for those who read.</summary>
internal sealed class ThreadedHistoryStore(IHistoryStore store, BlockingThreads writing, BlockingThreads reading) : IHistoryStore
{
    public ValueTask<int> WriteAsync(HistoryBatch batch, CancellationToken cancellationToken) =>
        new(writing.RunAsync(() => store.WriteAsync(batch, cancellationToken), cancellationToken));

    public ValueTask<EventPage> EventsAsync(EventQuery query, CancellationToken cancellationToken) =>
        Read(() => store.EventsAsync(query, cancellationToken), cancellationToken);

    public ValueTask<StoredEvent?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        Read(() => store.FindAsync(id, cancellationToken), cancellationToken);

    public ValueTask<long> NewestAsync(CancellationToken cancellationToken) =>
        Read(() => store.NewestAsync(cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<Series>> SeriesAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        Read(() => store.SeriesAsync(filter, cancellationToken), cancellationToken);

    public ValueTask<long> ReadRollupsAsync(
        HistoryFilter filter,
        int widthSeconds,
        RollupReader read,
        CancellationToken cancellationToken
    ) => Read(() => store.ReadRollupsAsync(filter, widthSeconds, read, cancellationToken), cancellationToken);

    public ValueTask<FailurePage> FailuresAsync(HistoryFilter filter, TimeSpan stepWidth, int limit, CancellationToken cancellationToken) =>
        Read(() => store.FailuresAsync(filter, stepWidth, limit, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<SlowCall>> SlowestAsync(
        HistoryFilter filter,
        IReadOnlyList<SlowTool> tools,
        int limit,
        bool byDuration,
        CancellationToken cancellationToken
    ) => Read(() => store.SlowestAsync(filter, tools, limit, byDuration, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<StoredSession>> SessionsAsync(HistoryFilter filter, int limit, CancellationToken cancellationToken) =>
        Read(() => store.SessionsAsync(filter, limit, cancellationToken), cancellationToken);

    public ValueTask<StoredSession?> SessionAsync(long id, CancellationToken cancellationToken) =>
        Read(() => store.SessionAsync(id, cancellationToken), cancellationToken);

    public ValueTask<long> CountSessionsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        Read(() => store.CountSessionsAsync(filter, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, long>> CountSessionsByClientAsync(
        HistoryFilter filter,
        CancellationToken cancellationToken
    ) => Read(() => store.CountSessionsByClientAsync(filter, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<StoredViolation>> ViolationsAsync(
        HistoryFilter filter,
        int limit,
        CancellationToken cancellationToken
    ) => Read(() => store.ViolationsAsync(filter, limit, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<ToolVersion>> ToolVersionsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        Read(() => store.ToolVersionsAsync(filter, cancellationToken), cancellationToken);

    public ValueTask<HistoryGaps> GapsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        Read(() => store.GapsAsync(filter, cancellationToken), cancellationToken);

    public ValueTask<HistoryState> StateAsync(CancellationToken cancellationToken) =>
        Read(() => store.StateAsync(cancellationToken), cancellationToken);

    // Deleting happens in pieces, between which events are written.
    public async ValueTask PruneAsync(DateTimeOffset now, HistoryOptions options, CancellationToken cancellationToken) =>
        await Read(
            async () =>
            {
                await store.PruneAsync(now, options, cancellationToken);
                return true;
            },
            cancellationToken
        );

    private ValueTask<T> Read<T>(Func<ValueTask<T>> ask, CancellationToken cancellationToken) =>
        new(reading.RunAsync(ask, cancellationToken));
}
