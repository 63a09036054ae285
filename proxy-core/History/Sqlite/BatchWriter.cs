using System.Globalization;
using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>Writes one batch within a transaction: events, what they refer to, and the sums that they belong to.</summary>
internal sealed class BatchWriter : IDisposable
{
    private const string Other = "(other)";

    private static readonly string[] s_series =
    [
        "type",
        "server",
        "method",
        "tool",
        "client",
        "client_version",
        "protocol_version",
        "upstream",
    ];

    private static readonly string[] s_details = ["path", "reason", "widget", "directive", "blocked_uri", "fix"];

    private readonly SqliteConnection _connection;
    private readonly Words _series;
    private readonly Words _failures;
    private readonly Words _details;
    private readonly SessionSums _sessions;
    private readonly RollupSums _rollups = new();
    private readonly Dictionary<long, long> _lastOfSeries = [];
    private readonly SqliteCommand _insert;

    public BatchWriter(SqliteConnection connection, SqliteTransaction transaction)
    {
        _connection = connection;
        _series = new Words(connection, "series", s_series, extra: "last_at");
        _failures = new Words(connection, "failures", ["code", "message"]);
        _details = new Words(connection, "details", s_details);
        _sessions = new SessionSums(connection);
        _insert = connection.CreateCommand();
        _insert.Transaction = transaction;
        _insert.CommandText = """
            INSERT OR IGNORE INTO events (id, at, series, session, user, status, failure, detail, http_status, latency, read_time, wait_time, upstream,
                                          bytes_in, bytes_out, request_id, batch, csp_applied)
            VALUES ($id, $at, $series, $session, $user, $status, $failure, $detail, $http_status, $latency, $read_time, $wait_time, $upstream,
                    $bytes_in, $bytes_out, $request_id, $batch, $csp_applied)
            """;
    }

    /// <returns>Whether it was new.</returns>
    public bool Write(HistoryEntry entry)
    {
        var one = entry.Event;
        var at = MillisecondsOf(one);
        var series = _series.IdOf(
            [one.Type, one.Server, one.Method, one.Tool, one.Client, one.ClientVersion, one.ProtocolVersion, one.Upstream],
            [one.Type, one.Server, Other, one.Tool is null ? null : Other, Other, null, null, null]
        );
        var session = one.Session is { Length: > 0 } key ? _sessions.IdOf(key, one, at) : (long?)null;
        if (!Insert(entry, at, series, session))
        {
            return false;
        }

        _lastOfSeries[series] = Math.Max(at, _lastOfSeries.GetValueOrDefault(series));
        if (session is { } known)
        {
            _sessions.Add(known, one, at);
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
            _connection.Execute("UPDATE series SET last_at = MAX(last_at, $at) WHERE id = $id", ("$at", last), ("$id", series));
        }

        _sessions.Write();
        _rollups.Write(_connection);
    }

    public void Dispose() => _insert.Dispose();

    /// <summary>The time of an event in milliseconds since 1970.</summary>
    private static long MillisecondsOf(McpEvent one) =>
        DateTimeOffset.TryParse(one.Ts, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUnixTimeMilliseconds()
            : 0;

    private bool Insert(HistoryEntry entry, long at, long series, long? session)
    {
        var one = entry.Event;
        var parameters = _insert.Parameters;
        parameters.Clear();
        Add("$id", entry.Id.ToByteArray(bigEndian: true));
        Add("$at", at);
        Add("$series", series);
        Add("$session", session);
        Add("$user", one.User);
        Add("$status", Outcomes.CodeOf(one.Status));
        Add("$failure", FailureOf(one));
        Add("$detail", DetailOf(one));
        Add("$http_status", one.HttpStatus);
        Add("$latency", one.TimingUs?.Total ?? one.LatencyMs * 1000);
        Add("$read_time", one.TimingUs?.Read);
        Add("$wait_time", one.TimingUs?.Wait);
        Add("$upstream", one.TimingUs?.Upstream ?? one.UpstreamMs * 1000);
        Add("$bytes_in", one.BytesIn);
        Add("$bytes_out", one.BytesOut);
        Add("$request_id", one.RequestId);
        Add("$batch", one.Batch);
        Add("$csp_applied", one.CspApplied);
        return _insert.ExecuteNonQuery() == 1;

        void Add(string name, object? value) => parameters.AddWithValue(name, value ?? DBNull.Value);
    }

    private long? FailureOf(McpEvent one) =>
        one.Status is null or Outcomes.Ok ? null : _failures.IdOf([one.ErrorCode, one.ErrorMessage], [one.ErrorCode, Other]);

    private long? DetailOf(McpEvent one) =>
        one is { Path: null, Reason: null, Widget: null, Directive: null, BlockedUri: null, Fix: null }
            ? null
            : _details.IdOf(
                [one.Path, one.Reason, one.Widget, one.Directive, one.BlockedUri, one.Fix],
                [null, one.Reason, Other, one.Directive, Other, null]
            );
}
