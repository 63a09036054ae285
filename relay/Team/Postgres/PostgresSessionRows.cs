using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>Finds the sessions of a batch or adds them, and writes what happened in them.</summary>
internal static class PostgresSessionRows
{
    /// <summary>For a writer that no other writes beside.</summary>
    /// <returns>
    /// For each event the number of its session, null where it has none, or one that ended without ever having been seen; and how many sessions were new.
    /// </returns>
    public static async ValueTask<(IReadOnlyList<long?> Sessions, int New)> FindOrAddAsync(
        HistoryConnection connection,
        IReadOnlyList<McpEvent> events
    )
    {
        var isNew = 0;
        var first = events.Where(IsOfAServer).DistinctBy(HashOf).ToDictionary(HashOf);
        var byHash = new Dictionary<Guid, long>();
        if (first.Count > 0)
        {
            await FindAsync(connection, first.Keys, byHash);
            isNew = first.Count - byHash.Count;
            await AddAsync(connection, [.. first.Where(pair => !byHash.ContainsKey(pair.Key))], byHash);
        }

        // Who forgets a session does not know any more which server it was with.
        var ended = events.Where(one => IsSession(one) && !IsOfAServer(one)).Select(KeyOf).Distinct(StringComparer.Ordinal).ToArray();
        var byKey = ended.Length == 0 ? [] : await FindLatestAsync(connection, ended);
        long?[] sessions =
        [
            .. events.Select(one =>
                !IsSession(one) ? (long?)null
                : IsOfAServer(one) ? byHash[HashOf(one)]
                : byKey.TryGetValue(KeyOf(one), out var id) ? id
                : null
            ),
        ];
        return (sessions, isNew);
    }

    public static async ValueTask WriteAsync(HistoryConnection connection, SessionSums sums)
    {
        var (ids, all) = (sums.Sums.Keys.ToArray(), sums.Sums.Values.ToArray());
        if (ids.Length == 0)
        {
            return;
        }

        await connection.ExecuteAsync(
            """
            UPDATE sessions s SET
                started_at = LEAST(s.started_at, n.first), last_at = GREATEST(s.last_at, n.last), requests = s.requests + n.requests,
                calls = s.calls + n.calls, errors = s.errors + n.errors, ended_at = COALESCE(n.ended, s.ended_at),
                end_reason = COALESCE(n.reason, s.end_reason), "user" = COALESCE(n.person, s."user"), client = COALESCE(n.client, s.client),
                client_version = COALESCE(n.version, s.client_version), protocol_version = COALESCE(n.protocol, s.protocol_version)
            FROM unnest(@ids, @first, @last, @requests, @calls, @errors, @ended, @reason, @user, @client, @version, @protocol)
                 AS n (id, first, last, requests, calls, errors, ended, reason, person, client, version, protocol)
            WHERE s.id = n.id
            """,
            ("@ids", ids),
            ("@first", Array.ConvertAll(all, sum => sum.First)),
            ("@last", Array.ConvertAll(all, sum => sum.Last)),
            ("@requests", Array.ConvertAll(all, sum => sum.Requests)),
            ("@calls", Array.ConvertAll(all, sum => sum.Calls)),
            ("@errors", Array.ConvertAll(all, sum => sum.Errors)),
            ("@ended", Array.ConvertAll(all, sum => sum.EndedAt)),
            ("@reason", TextsOf(all, sum => sum.Reason)),
            ("@user", TextsOf(all, sum => sum.Identity?.User)),
            ("@client", TextsOf(all, sum => sum.Identity?.Client)),
            ("@version", TextsOf(all, sum => sum.Identity?.ClientVersion)),
            ("@protocol", TextsOf(all, sum => sum.Identity?.ProtocolVersion))
        );
    }

    private static bool IsSession(McpEvent one) => one.Session is { Length: > 0 };

    private static bool IsOfAServer(McpEvent one) => IsSession(one) && one is not { Server: null, Type: EventTypes.SessionEnd };

    private static string KeyOf(McpEvent one) => SqlText.Storable(one.Session)!;

    private static Guid HashOf(McpEvent one) => PostgresWordRows.HashOf([KeyOf(one), SqlText.Storable(one.Server) ?? string.Empty]);

    private static async ValueTask FindAsync(HistoryConnection connection, IEnumerable<Guid> hashes, Dictionary<Guid, long> found)
    {
        foreach (
            var (hash, id) in await connection.QueryAsync(
                row => (row.GetGuid(0), row.GetInt64(1)),
                "SELECT hash, id FROM sessions WHERE hash = ANY(@hashes)",
                ("@hashes", hashes.ToArray())
            )
        )
        {
            found[hash] = id;
        }
    }

    private static async ValueTask AddAsync(
        HistoryConnection connection,
        IReadOnlyList<KeyValuePair<Guid, McpEvent>> missing,
        Dictionary<Guid, long> found
    )
    {
        if (missing.Count == 0)
        {
            return;
        }

        McpEvent[] first = [.. missing.Select(pair => pair.Value)];
        foreach (
            var (hash, id) in await connection.QueryAsync(
                row => (row.GetGuid(0), row.GetInt64(1)),
                """
                INSERT INTO sessions (hash, key, server, "user", client, client_version, protocol_version, started_at, last_at)
                SELECT *, at FROM unnest(@hashes, @keys, @servers, @users, @clients, @versions, @protocols, @ats) AS n (h, k, s, u, c, v, p, at)
                RETURNING hash, id
                """,
                ("@hashes", missing.Select(pair => pair.Key).ToArray()),
                ("@keys", TextsOf(first, one => one.Session)),
                ("@servers", TextsOf(first, one => one.Server ?? string.Empty)),
                ("@users", TextsOf(first, one => one.User ?? string.Empty)),
                ("@clients", TextsOf(first, one => one.Client ?? string.Empty)),
                ("@versions", TextsOf(first, one => one.ClientVersion ?? string.Empty)),
                ("@protocols", TextsOf(first, one => one.ProtocolVersion ?? string.Empty)),
                ("@ats", Array.ConvertAll(first, EventTime.MillisecondsOf))
            )
        )
        {
            found[hash] = id;
        }
    }

    private static async ValueTask<Dictionary<string, long>> FindLatestAsync(HistoryConnection connection, string[] keys) =>
        (
            await connection.QueryAsync(
                row => (Key: row.GetString(0), Id: row.GetInt64(1)),
                "SELECT DISTINCT ON (key) key, id FROM sessions WHERE key = ANY(@keys) ORDER BY key, last_at DESC",
                ("@keys", keys)
            )
        ).ToDictionary(pair => pair.Key, pair => pair.Id, StringComparer.Ordinal);

    private static string?[] TextsOf<T>(T[] all, Func<T, string?> text) => Array.ConvertAll(all, one => SqlText.Storable(text(one)));
}
