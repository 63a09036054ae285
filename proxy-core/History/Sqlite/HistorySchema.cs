using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>
/// The tables of the history. What repeats is kept once and events refer to it, so that a million of them is 150 MB and can be read in a moment. Text that is
/// not known is empty there, which makes it comparable. Times are milliseconds since 1970, durations microseconds.
/// </summary>
internal static class HistorySchema
{
    // A file remembers in user_version how many of these it has had. Steps that were released never change.
    private static readonly ImmutableArray<string> s_steps =
    [
        """
            CREATE TABLE series (
                id               INTEGER PRIMARY KEY,
                server           TEXT NOT NULL,
                type             TEXT NOT NULL,
                method           TEXT NOT NULL,
                tool             TEXT NOT NULL,
                client           TEXT NOT NULL,
                client_version   TEXT NOT NULL,
                protocol_version TEXT NOT NULL,
                upstream         TEXT NOT NULL,
                last_at          INTEGER NOT NULL,
                UNIQUE (type, server, method, tool, client, client_version, protocol_version, upstream)
            );
            CREATE TABLE failures (
                id      INTEGER PRIMARY KEY,
                code    TEXT NOT NULL,
                message TEXT NOT NULL,
                UNIQUE (code, message)
            );
            CREATE TABLE details (
                id          INTEGER PRIMARY KEY,
                path        TEXT NOT NULL,
                reason      TEXT NOT NULL,
                widget      TEXT NOT NULL,
                directive   TEXT NOT NULL,
                blocked_uri TEXT NOT NULL,
                fix         TEXT NOT NULL,
                UNIQUE (path, reason, widget, directive, blocked_uri, fix)
            );
            CREATE TABLE sessions (
                id               INTEGER PRIMARY KEY AUTOINCREMENT,
                key              TEXT NOT NULL,
                server           TEXT NOT NULL,
                user             TEXT NOT NULL,
                client           TEXT NOT NULL,
                client_version   TEXT NOT NULL,
                protocol_version TEXT NOT NULL,
                started_at       INTEGER NOT NULL,
                last_at          INTEGER NOT NULL,
                ended_at         INTEGER,
                end_reason       TEXT,
                requests         INTEGER NOT NULL DEFAULT 0,
                calls            INTEGER NOT NULL DEFAULT 0,
                errors           INTEGER NOT NULL DEFAULT 0,
                UNIQUE (key, server)
            );
            CREATE INDEX sessions_by_time ON sessions (last_at);
            CREATE TABLE events (
                sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
                id          BLOB NOT NULL UNIQUE,
                at          INTEGER NOT NULL,
                series      INTEGER NOT NULL,
                session     INTEGER,
                user        TEXT,
                status      INTEGER,
                failure     INTEGER,
                detail      INTEGER,
                http_status INTEGER,
                latency     INTEGER,
                read_time   INTEGER,
                wait_time   INTEGER,
                upstream    INTEGER,
                bytes_in    INTEGER,
                bytes_out   INTEGER,
                request_id  TEXT,
                batch       INTEGER,
                csp_applied INTEGER
            );
            CREATE INDEX events_by_time ON events (at);
            CREATE INDEX events_by_series ON events (series, at);
            CREATE INDEX events_by_latency ON events (series, latency, at);
            CREATE INDEX events_by_session ON events (session, at) WHERE session IS NOT NULL;
            CREATE INDEX events_by_failure ON events (at, series, failure) WHERE status > 0;
            CREATE INDEX events_by_detail ON events (detail, at) WHERE detail IS NOT NULL;
            CREATE TABLE rollups (
                width       INTEGER NOT NULL,
                at          INTEGER NOT NULL,
                series      INTEGER NOT NULL,
                count       INTEGER NOT NULL,
                errors      INTEGER NOT NULL,
                tool_errors INTEGER NOT NULL,
                longest     INTEGER NOT NULL,
                bytes_in    INTEGER NOT NULL,
                bytes_out   INTEGER NOT NULL,
                histogram   BLOB NOT NULL,
                PRIMARY KEY (width, at, series)
            ) WITHOUT ROWID;
            CREATE TABLE tools (
                server    TEXT NOT NULL,
                tool      TEXT NOT NULL,
                version   INTEGER NOT NULL,
                hash      TEXT NOT NULL,
                json      TEXT NOT NULL,
                first_at  INTEGER NOT NULL,
                last_at   INTEGER NOT NULL,
                PRIMARY KEY (server, tool, version)
            ) WITHOUT ROWID;
            CREATE TABLE listings (
                server  TEXT PRIMARY KEY,
                last_at INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE pruned (
                reason TEXT PRIMARY KEY,
                before INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE losses (
                at    INTEGER NOT NULL,
                count INTEGER NOT NULL
            );
            """,
        """
            ALTER TABLE losses ADD COLUMN id BLOB;
            CREATE UNIQUE INDEX losses_by_id ON losses (id);
            """,
        // An index of all durations changes everywhere at once, which was most of what writing took. Only those are ever asked for that could be slow.
        """
            DROP INDEX events_by_latency;
            CREATE INDEX events_slow ON events (series, latency, at) WHERE latency >= 100000;
            """,
        """
            ALTER TABLE events ADD COLUMN rewrite_time INTEGER;
            ALTER TABLE events ADD COLUMN edge_time INTEGER;
            ALTER TABLE events ADD COLUMN hold_time INTEGER;
            ALTER TABLE events ADD COLUMN tunnel_time INTEGER;
            """,
        // Whoever has the id of a request wants the one event, among a million.
        "CREATE INDEX events_by_request ON events (request_id) WHERE request_id IS NOT NULL",
        // All failures and all sessions of a range are looked at: in indexes that have all that is asked, and not in rows all over the file.
        """
            DROP INDEX events_by_failure;
            CREATE INDEX events_by_failure ON events (at, series, failure, status) WHERE status > 0;
            DROP INDEX sessions_by_time;
            CREATE INDEX sessions_by_time ON sessions (last_at, started_at);
            """,
    ];

    /// <summary>Brings a file up to date. Several processes may do so at once.</summary>
    /// <exception cref="HistoryUnavailableException">A newer mcpr has made it.</exception>
    public static void Apply(SqliteConnection connection)
    {
        // Only counts before the first table is there; deleting gives its room back to the disk then.
        connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
        connection.Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        var done = (long)connection.Scalar("PRAGMA user_version")!;
        if (done > s_steps.Length)
        {
            throw new HistoryUnavailableException("it was made by a newer version", new InvalidDataException($"schema {done}"));
        }

        foreach (var step in s_steps.Skip((int)done))
        {
            connection.Execute(step);
        }

        // A pragma takes no parameters.
        connection.Execute($"PRAGMA user_version = {s_steps.Length}");
        transaction.Commit();
    }
}
