using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.History.Sql;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>Writes one batch within a transaction: events, what they refer to, and the sums that they belong to.</summary>
internal sealed class BatchWriter(SqliteConnection connection) : IDisposable
{
    private readonly WordRows _series = new(connection, WordTable.Series, extra: "last_at");
    private readonly WordRows _failures = new(connection, WordTable.Failures);
    private readonly WordRows _details = new(connection, WordTable.Details);
    private readonly SessionRows _sessions = new(connection);
    private readonly SessionSums _sessionSums = new();
    private readonly RollupSums _rollups = new();
    private readonly Dictionary<long, long> _lastOfSeries = [];
    private readonly EventInsert _insert = new(connection);

    /// <returns>Whether it was new.</returns>
    public bool Write(HistoryEntry entry)
    {
        var one = entry.Event;
        var at = EventTime.MillisecondsOf(one);
        var series = _series.IdOf(one)!.Value;
        var session = one.Session is { Length: > 0 } key ? _sessions.IdOf(key, one, at) : (long?)null;
        if (!_insert.Write(entry, at, series, session, _failures.IdOf(one), _details.IdOf(one)))
        {
            return false;
        }

        _lastOfSeries[series] = Math.Max(at, _lastOfSeries.GetValueOrDefault(series));
        if (session is { } known)
        {
            _sessionSums.Add(known, at, one);
        }

        if (one.LatencyMs is not null)
        {
            _rollups.Add(series, at, one);
        }

        return true;
    }

    /// <summary>Writes the sums, once all events are.</summary>
    public void Complete()
    {
        foreach (var (series, last) in _lastOfSeries)
        {
            connection.Execute("UPDATE series SET last_at = MAX(last_at, $at) WHERE id = $id", ("$at", last), ("$id", series));
        }

        _sessions.Write(_sessionSums);
        RollupRows.Write(connection, _rollups);
    }

    public void Dispose() => _insert.Dispose();
}
