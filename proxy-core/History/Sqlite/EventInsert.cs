using Microsoft.Data.Sqlite;
using SQLitePCL;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>
/// Writes rows of events through the functions of SQLite itself. There is one for every exchange, and giving over twenty values to a command of the driver, by name
/// and in boxes, takes three times as long as writing the row does.
/// </summary>
internal sealed class EventInsert : IDisposable
{
    private const int IdBytes = 16;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <param name="connection">Open, and in the transaction that the rows are for.</param>
    public EventInsert(SqliteConnection connection)
    {
        _database = connection.Handle!;
        Check(
            raw.sqlite3_prepare_v2(
                _database,
                """
                INSERT OR IGNORE INTO events (id, at, series, session, user, status, failure, detail, http_status, latency, read_time, wait_time, upstream,
                                              bytes_in, bytes_out, request_id, batch, csp_applied, rewrite_time, edge_time, hold_time, tunnel_time)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
                """,
                out _statement
            )
        );
    }

    /// <returns>Whether it was new.</returns>
    /// <exception cref="SqliteException">It could not be written.</exception>
    public bool Write(HistoryEntry entry, long at, long series, long? session, long? failure, long? detail)
    {
        var one = entry.Event;
        Span<byte> id = stackalloc byte[IdBytes];
        entry.Id.TryWriteBytes(id, bigEndian: true, out _);
        Check(raw.sqlite3_bind_blob(_statement, 1, id));
        Bind(2, at);
        Bind(3, series);
        Bind(4, session);
        Bind(5, one.User);
        Bind(6, Outcomes.CodeOf(one.Status));
        Bind(7, failure);
        Bind(8, detail);
        Bind(9, one.HttpStatus);
        Bind(10, RollupSums.LatencyOf(one));
        Bind(11, one.TimingUs?.Read);
        Bind(12, one.TimingUs?.Wait);
        Bind(13, one.TimingUs?.Upstream ?? one.UpstreamMs * 1000);
        Bind(14, one.BytesIn);
        Bind(15, one.BytesOut);
        Bind(16, one.RequestId);
        Bind(17, one.Batch);
        Bind(
            18,
            one.CspApplied is { } applied
                ? applied
                    ? 1
                    : 0
                : null
        );
        Bind(19, one.TimingUs?.Rewrite);
        Bind(20, one.TimingUs?.Edge);
        Bind(21, one.TimingUs?.Hold);
        Bind(22, one.TimingUs?.Tunnel);
        var result = raw.sqlite3_step(_statement);
        var isNew = result == raw.SQLITE_DONE && raw.sqlite3_changes(_database) == 1;
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }

        return isNew;
    }

    public void Dispose() => _statement.Dispose();

    private void Bind(int place, long? value) =>
        Check(value is { } known ? raw.sqlite3_bind_int64(_statement, place, known) : raw.sqlite3_bind_null(_statement, place));

    private void Bind(int place, string? value) =>
        Check(value is null ? raw.sqlite3_bind_null(_statement, place) : raw.sqlite3_bind_text(_statement, place, value));

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}
