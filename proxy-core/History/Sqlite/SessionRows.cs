using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Sql;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>Finds the sessions of a batch, and writes what happened in them.</summary>
internal sealed class SessionRows(SqliteConnection connection)
{
    private readonly Dictionary<(string Key, string Server), long> _known = [];

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

    public void Write(SessionSums sums)
    {
        foreach (var (id, sum) in sums.Sums)
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
                ("$first", sum.First),
                ("$last", sum.Last),
                ("$requests", sum.Requests),
                ("$calls", sum.Calls),
                ("$errors", sum.Errors),
                ("$ended", sum.EndedAt),
                ("$reason", sum.Reason),
                ("$user", sum.Identity?.User),
                ("$client", sum.Identity?.Client),
                ("$version", sum.Identity?.ClientVersion),
                ("$protocol", sum.Identity?.ProtocolVersion)
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
}
