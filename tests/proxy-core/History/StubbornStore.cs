using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.Tests.History;

/// <summary>A store that neither writes nor tells of events until it is allowed.</summary>
/// <param name="inner">What does so then.</param>
/// <param name="expected">How many events are written until <see cref="Wrote"/> ends.</param>
/// <param name="refusal">Why it does not; null for a store that is not available.</param>
internal sealed class StubbornStore(IHistoryStore inner, int expected, Exception? refusal = null) : IHistoryStore
{
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _wrote = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _foundNewest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isAllowed;
    private int _written;

    public Task Refused => _refused.Task;

    public Task FoundNewest => _foundNewest.Task;

    public Task Wrote => _wrote.Task;

    /// <summary>Whether a batch came on a thread that others may need.</summary>
    public bool TookThreadOfThePool { get; private set; }

    public void Allow() => _isAllowed = true;

    public async ValueTask<int> WriteAsync(HistoryBatch batch, CancellationToken cancellationToken)
    {
        TookThreadOfThePool |= Thread.CurrentThread.IsThreadPoolThread;
        Check();
        var written = await inner.WriteAsync(batch, cancellationToken);
        _written += written;
        if (_written >= expected)
        {
            _wrote.TrySetResult();
        }

        return written;
    }

    public ValueTask<HistoryState> StateAsync(CancellationToken cancellationToken) => inner.StateAsync(cancellationToken);

    public ValueTask PruneAsync(DateTimeOffset now, HistoryOptions options, CancellationToken cancellationToken) =>
        inner.PruneAsync(now, options, cancellationToken);

    public ValueTask<EventPage> EventsAsync(EventQuery query, CancellationToken cancellationToken)
    {
        Check();
        return inner.EventsAsync(query, cancellationToken);
    }

    public ValueTask<StoredEvent?> FindAsync(Guid id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

    public async ValueTask<long> NewestAsync(CancellationToken cancellationToken)
    {
        Check();
        var newest = await inner.NewestAsync(cancellationToken);
        _foundNewest.TrySetResult();
        return newest;
    }

    public ValueTask<IReadOnlyList<Series>> SeriesAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        inner.SeriesAsync(filter, cancellationToken);

    public ValueTask<long> ReadRollupsAsync(
        HistoryFilter filter,
        int widthSeconds,
        RollupReader read,
        CancellationToken cancellationToken
    ) => inner.ReadRollupsAsync(filter, widthSeconds, read, cancellationToken);

    public ValueTask<FailurePage> FailuresAsync(HistoryFilter filter, TimeSpan stepWidth, int limit, CancellationToken cancellationToken) =>
        inner.FailuresAsync(filter, stepWidth, limit, cancellationToken);

    public ValueTask<IReadOnlyList<SlowCall>> SlowestAsync(
        HistoryFilter filter,
        IReadOnlyList<SlowTool> tools,
        int limit,
        bool byDuration,
        CancellationToken cancellationToken
    ) => inner.SlowestAsync(filter, tools, limit, byDuration, cancellationToken);

    public ValueTask<IReadOnlyList<StoredSession>> SessionsAsync(HistoryFilter filter, int limit, CancellationToken cancellationToken) =>
        inner.SessionsAsync(filter, limit, cancellationToken);

    public ValueTask<StoredSession?> SessionAsync(long id, CancellationToken cancellationToken) =>
        inner.SessionAsync(id, cancellationToken);

    public ValueTask<long> CountSessionsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        inner.CountSessionsAsync(filter, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, long>> CountSessionsByClientAsync(
        HistoryFilter filter,
        CancellationToken cancellationToken
    ) => inner.CountSessionsByClientAsync(filter, cancellationToken);

    public ValueTask<IReadOnlyList<StoredViolation>> ViolationsAsync(
        HistoryFilter filter,
        int limit,
        CancellationToken cancellationToken
    ) => inner.ViolationsAsync(filter, limit, cancellationToken);

    public ValueTask<IReadOnlyList<ToolVersion>> ToolVersionsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        inner.ToolVersionsAsync(filter, cancellationToken);

    public ValueTask<HistoryGaps> GapsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        inner.GapsAsync(filter, cancellationToken);

    private void Check()
    {
        if (!_isAllowed)
        {
            _refused.TrySetResult();
            throw refusal ?? new HistoryUnavailableException("full", new IOException());
        }
    }
}
