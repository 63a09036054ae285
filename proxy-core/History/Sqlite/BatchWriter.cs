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
    private readonly EventInsert _insert;

    public BatchWriter(SqliteConnection connection)
    {
        _connection = connection;
        _series = new Words(connection, "series", s_series, extra: "last_at");
        _failures = new Words(connection, "failures", ["code", "message"]);
        _details = new Words(connection, "details", s_details);
        _sessions = new SessionSums(connection);
        _insert = new EventInsert(connection);
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
        if (!_insert.Write(entry, at, series, session, FailureOf(one), DetailOf(one)))
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
