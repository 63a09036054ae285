using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History;

/// <summary>
/// Where events are kept, and what can be asked of them. Command line, API and pages know nothing else. Every list has a bound, and says when it was reached.
/// </summary>
public interface IHistoryStore
{
    /// <summary>Writes a batch, or nothing of it. Entries that are there already change nothing, neither rows nor sums.</summary>
    /// <returns>How many entries were new.</returns>
    /// <exception cref="HistoryUnavailableException">It cannot be written now; the same batch can be tried again.</exception>
    ValueTask<int> WriteAsync(HistoryBatch batch, CancellationToken cancellationToken);

    /// <summary>Events one by one.</summary>
    ValueTask<EventPage> EventsAsync(EventQuery query, CancellationToken cancellationToken);

    ValueTask<StoredEvent?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The place of the newest event, from which <see cref="EventQuery.After"/> follows.</summary>
    ValueTask<long> NewestAsync(CancellationToken cancellationToken);

    /// <summary>Every series that the filter leaves: who called what where.</summary>
    ValueTask<IReadOnlyList<Series>> SeriesAsync(HistoryFilter filter, CancellationToken cancellationToken);

    /// <summary>Reads the sums of every series by steps of <see cref="RollupWidths"/>.</summary>
    /// <returns>How many there were.</returns>
    ValueTask<long> ReadRollupsAsync(HistoryFilter filter, int widthSeconds, RollupReader read, CancellationToken cancellationToken);

    /// <summary>Failures by what failed and how, the most frequent first.</summary>
    ValueTask<FailurePage> FailuresAsync(HistoryFilter filter, TimeSpan stepWidth, int limit, CancellationToken cancellationToken);

    /// <summary>The slow calls of tools: the longest first, or those that took the most times what is usual for their tool.</summary>
    ValueTask<IReadOnlyList<SlowCall>> SlowestAsync(
        HistoryFilter filter,
        IReadOnlyList<SlowTool> tools,
        int limit,
        bool byDuration,
        CancellationToken cancellationToken
    );

    /// <summary>Sessions that were seen in the range, the one seen last first.</summary>
    ValueTask<IReadOnlyList<StoredSession>> SessionsAsync(HistoryFilter filter, int limit, CancellationToken cancellationToken);

    ValueTask<StoredSession?> SessionAsync(long id, CancellationToken cancellationToken);

    /// <summary>How many sessions were seen in the range, without a bound.</summary>
    ValueTask<long> CountSessionsAsync(HistoryFilter filter, CancellationToken cancellationToken);

    /// <summary>The same for each client by itself, in one go; one that has none is not there. A client without a name is empty.</summary>
    ValueTask<IReadOnlyDictionary<string, long>> CountSessionsByClientAsync(HistoryFilter filter, CancellationToken cancellationToken);

    /// <summary>What policies of widgets have stopped, the most frequent first.</summary>
    ValueTask<IReadOnlyList<StoredViolation>> ViolationsAsync(HistoryFilter filter, int limit, CancellationToken cancellationToken);

    /// <summary>The versions of every tool's definition, the newest of each first. The range does not count.</summary>
    ValueTask<IReadOnlyList<ToolVersion>> ToolVersionsAsync(HistoryFilter filter, CancellationToken cancellationToken);

    /// <summary>What is missing of a range.</summary>
    ValueTask<HistoryGaps> GapsAsync(HistoryFilter filter, CancellationToken cancellationToken);

    /// <summary>How much there is.</summary>
    ValueTask<HistoryState> StateAsync(CancellationToken cancellationToken);

    /// <summary>Deletes what is too old or too much.</summary>
    ValueTask PruneAsync(DateTimeOffset now, HistoryOptions options, CancellationToken cancellationToken);
}
