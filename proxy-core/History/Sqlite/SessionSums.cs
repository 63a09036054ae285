using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>Finds the sessions of a batch, and counts what happened in them.</summary>
internal sealed class SessionSums(SqliteConnection connection)
{
    /// <summary>What a session that its client ended has for a reason; an event has none then.</summary>
    private const string Closed = "closed";

    private readonly Dictionary<(string Key, string Server), long> _known = [];
    private readonly Dictionary<long, Sums> _sums = [];

    /// <param name="key">The session's own key.</param>
    /// <param name="one">An event of it.</param>
    /// <param name="at">When that was.</param>
    /// <returns>Its number; null where it ended without ever having been seen.</returns>
    public long? IdOf(string key, McpEvent one, long at)
    {
        // Who forgets a session does not know any more which server it was with.
        if (one is { Server: null, Type: EventTypes.SessionEnd })
        {
            return (long?)connection.Scalar("SELECT id FROM sessions WHERE key = $key ORDER BY last_at DESC LIMIT 1", ("$key", key));
        }

        var place = (key, one.Server ?? string.Empty);
        if (!_known.TryGetValue(place, out var id))
        {
            _known[place] = id = FindOrAdd(place.key, place.Item2, one, at);
        }

        return id;
    }

    public void Add(long session, McpEvent one, long at)
    {
        if (!_sums.TryGetValue(session, out var sums))
        {
            _sums[session] = sums = new Sums();
        }

        sums.First = Math.Min(sums.First, at);
        sums.Identity = one.Client is not null || sums.Identity is null ? one : sums.Identity;
        if (one.Type == EventTypes.SessionEnd)
        {
            (sums.EndedAt, sums.Reason) = (at, one.Reason ?? Closed);
        }

        // The end of a session that was idle comes long after the last thing that happened in it.
        if (one.LatencyMs is null)
        {
            return;
        }

        sums.Last = Math.Max(sums.Last, at);
        sums.Requests++;
        sums.Calls += one.Type == EventTypes.ToolCall ? 1 : 0;
        sums.Errors += one.Status is null or Outcomes.Ok ? 0 : 1;
    }

    public void Write()
    {
        foreach (var (id, sums) in _sums)
        {
            connection.Execute(
                """
                UPDATE sessions SET
                    started_at = MIN(started_at, $first), last_at = MAX(last_at, $last), requests = requests + $requests, calls = calls + $calls,
                    errors = errors + $errors, ended_at = COALESCE($ended, ended_at), end_reason = COALESCE($reason, end_reason),
                    user = COALESCE($user, user), client = COALESCE($client, client), client_version = COALESCE($version, client_version),
                    protocol_version = COALESCE($protocol, protocol_version)
                WHERE id = $id
                """,
                ("$id", id),
                ("$first", sums.First),
                ("$last", sums.Last),
                ("$requests", sums.Requests),
                ("$calls", sums.Calls),
                ("$errors", sums.Errors),
                ("$ended", sums.EndedAt),
                ("$reason", sums.Reason),
                ("$user", sums.Identity?.User),
                ("$client", sums.Identity?.Client),
                ("$version", sums.Identity?.ClientVersion),
                ("$protocol", sums.Identity?.ProtocolVersion)
            );
        }
    }

    private long FindOrAdd(string key, string server, McpEvent one, long at) =>
        (long?)connection.Scalar("SELECT id FROM sessions WHERE key = $key AND server = $server", ("$key", key), ("$server", server))
        ?? (long)
            connection.Scalar(
                """
                INSERT INTO sessions (key, server, user, client, client_version, protocol_version, started_at, last_at)
                VALUES ($key, $server, $user, $client, $version, $protocol, $at, $at) RETURNING id
                """,
                ("$key", key),
                ("$server", server),
                ("$user", one.User ?? string.Empty),
                ("$client", one.Client ?? string.Empty),
                ("$version", one.ClientVersion ?? string.Empty),
                ("$protocol", one.ProtocolVersion ?? string.Empty),
                ("$at", at)
            )!;

    private sealed class Sums
    {
        public long First { get; set; } = long.MaxValue;

        public long Last { get; set; }

        public long Requests { get; set; }

        public long Calls { get; set; }

        public long Errors { get; set; }

        public long? EndedAt { get; set; }

        public string? Reason { get; set; }

        public McpEvent? Identity { get; set; }
    }
}
