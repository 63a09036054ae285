using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>A history in tables. What is asked is the same for all databases; how it gets there and goes away again is not.</summary>
public abstract class SqlHistoryStore : IHistoryStore
{
    public abstract ValueTask<int> WriteAsync(HistoryBatch batch, CancellationToken cancellationToken);

    public ValueTask<EventPage> EventsAsync(EventQuery query, CancellationToken cancellationToken) =>
        ReadAsync(connection => EventQueries.PageAsync(connection, query), cancellationToken);

    public ValueTask<StoredEvent?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync(connection => EventQueries.FindAsync(connection, KeyOf(id)), cancellationToken);

    public ValueTask<long> NewestAsync(CancellationToken cancellationToken) => ReadAsync(EventQueries.NewestAsync, cancellationToken);

    public ValueTask<IReadOnlyList<Series>> SeriesAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        ReadAsync(connection => SumQueries.SeriesSinceAsync(connection, filter), cancellationToken);

    public ValueTask<long> ReadRollupsAsync(
        HistoryFilter filter,
        int widthSeconds,
        RollupReader read,
        CancellationToken cancellationToken
    ) => ReadAsync(connection => SumQueries.ReadRollupsAsync(connection, filter, widthSeconds, read), cancellationToken);

    public ValueTask<FailurePage> FailuresAsync(HistoryFilter filter, TimeSpan stepWidth, int limit, CancellationToken cancellationToken) =>
        ReadAsync(connection => FailureQueries.PageAsync(connection, filter, stepWidth, limit), cancellationToken);

    public ValueTask<IReadOnlyList<SlowCall>> SlowestAsync(
        HistoryFilter filter,
        IReadOnlyList<SlowTool> tools,
        int limit,
        bool byDuration,
        CancellationToken cancellationToken
    ) => ReadAsync(connection => SlowQueries.SlowestAsync(connection, filter, tools, limit, byDuration), cancellationToken);

    public ValueTask<IReadOnlyList<StoredSession>> SessionsAsync(HistoryFilter filter, int limit, CancellationToken cancellationToken) =>
        ReadAsync(connection => SumQueries.SessionsAsync(connection, SumQueries.SessionsIn(filter), limit), cancellationToken);

    public ValueTask<StoredSession?> SessionAsync(long id, CancellationToken cancellationToken) =>
        ReadAsync(
            async connection => (await SumQueries.SessionsAsync(connection, new SqlFilter().And("id = ?", id), 1)).SingleOrDefault(),
            cancellationToken
        );

    public ValueTask<long> CountSessionsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        ReadAsync(connection => SumQueries.CountSessionsAsync(connection, filter), cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, long>> CountSessionsByClientAsync(
        HistoryFilter filter,
        CancellationToken cancellationToken
    ) => ReadAsync(connection => SumQueries.CountSessionsByClientAsync(connection, filter), cancellationToken);

    public ValueTask<IReadOnlyList<StoredViolation>> ViolationsAsync(
        HistoryFilter filter,
        int limit,
        CancellationToken cancellationToken
    ) => ReadAsync(connection => SumQueries.ViolationsAsync(connection, filter, limit), cancellationToken);

    public ValueTask<IReadOnlyList<ToolVersion>> ToolVersionsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        ReadAsync(connection => ToolTable.ReadAsync(connection, filter), cancellationToken);

    public ValueTask<HistoryGaps> GapsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        ReadAsync(connection => SumQueries.GapsAsync(connection, filter), cancellationToken);

    public abstract ValueTask<HistoryState> StateAsync(CancellationToken cancellationToken);

    public abstract ValueTask PruneAsync(DateTimeOffset now, HistoryOptions options, CancellationToken cancellationToken);

    /// <summary>Asks something on a connection that nothing else uses meanwhile.</summary>
    /// <exception cref="HistoryUnavailableException">The database does not answer.</exception>
    protected abstract ValueTask<T> ReadAsync<T>(Func<HistoryConnection, ValueTask<T>> ask, CancellationToken cancellationToken);

    /// <summary>The id of an event as its column has it.</summary>
    protected abstract object KeyOf(Guid id);
}
