using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace Tunnel.Relay.State;

/// <summary>The tables of the relay's file, and how an older file gets there. Times are milliseconds since 1970, and durations milliseconds.</summary>
internal static class RelaySchema
{
    // A file remembers in user_version how many of these it has had. Steps that were released never change.
    private static readonly ImmutableArray<string> s_steps =
    [
        """
            CREATE TABLE IF NOT EXISTS names (
                name       TEXT PRIMARY KEY,
                owner      TEXT NOT NULL,
                project    TEXT NOT NULL,
                generation INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                used_at    INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS names_by_project ON names (owner, project, used_at);
            CREATE TABLE IF NOT EXISTS tokens (
                name       TEXT PRIMARY KEY,
                hash       TEXT NOT NULL UNIQUE,
                created_at INTEGER NOT NULL
            ) WITHOUT ROWID;
            """,
        """
            ALTER TABLE names ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE names ADD COLUMN is_shared INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE names ADD COLUMN keep_for INTEGER;
            ALTER TABLE names ADD COLUMN expires_at INTEGER;
            CREATE INDEX names_by_expiry ON names (expires_at) WHERE expires_at IS NOT NULL;
            CREATE TABLE bans (
                name       TEXT PRIMARY KEY,
                reason     TEXT NOT NULL,
                created_at INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE generations (
                id   INTEGER PRIMARY KEY CHECK (id = 1),
                last INTEGER NOT NULL
            );
            INSERT INTO generations (id, last) SELECT 1, COALESCE(MAX(generation), 0) FROM names;
            ALTER TABLE tokens ADD COLUMN names TEXT NOT NULL DEFAULT '*';
            ALTER TABLE tokens ADD COLUMN max_tunnels INTEGER;
            ALTER TABLE tokens ADD COLUMN expires_at INTEGER;
            UPDATE tokens SET created_at = created_at * 1000;
            """,
        """
            CREATE TABLE domains (
                domain        TEXT NOT NULL,
                owner         TEXT NOT NULL,
                name          TEXT NOT NULL,
                challenge     TEXT NOT NULL,
                is_active     INTEGER NOT NULL DEFAULT 0,
                issue         TEXT NOT NULL,
                created_at    INTEGER NOT NULL,
                checked_at    INTEGER,
                failing_since INTEGER,
                expires_at    INTEGER,
                check_at      INTEGER NOT NULL,
                PRIMARY KEY (domain, owner)
            ) WITHOUT ROWID;
            CREATE UNIQUE INDEX domains_active ON domains (domain) WHERE is_active = 1;
            CREATE INDEX domains_by_owner ON domains (owner);
            CREATE INDEX domains_due ON domains (check_at);
            CREATE TABLE domain_revision (
                id   INTEGER PRIMARY KEY CHECK (id = 1),
                last INTEGER NOT NULL
            );
            INSERT INTO domain_revision (id, last) VALUES (1, 0);
            """,
        """
            CREATE TABLE projects (
                id         INTEGER PRIMARY KEY AUTOINCREMENT,
                name       TEXT NOT NULL UNIQUE,
                max_age    INTEGER NOT NULL,
                max_bytes  INTEGER NOT NULL,
                created_at INTEGER NOT NULL
            );
            CREATE TABLE members (
                project    INTEGER NOT NULL,
                name       TEXT NOT NULL,
                hash       TEXT NOT NULL UNIQUE,
                role       TEXT NOT NULL CHECK (role IN ('sender', 'viewer', 'editor')),
                created_at INTEGER NOT NULL,
                PRIMARY KEY (project, name)
            ) WITHOUT ROWID;
            """,
        """
            CREATE TABLE alerts (
                id         TEXT PRIMARY KEY,
                project    INTEGER NOT NULL,
                server     TEXT,
                tool       TEXT,
                metric     TEXT NOT NULL CHECK (metric IN ('error_rate', 'p95')),
                threshold  REAL NOT NULL,
                window     INTEGER NOT NULL,
                min_calls  INTEGER NOT NULL,
                url        TEXT NOT NULL,
                secret     TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                look_at    INTEGER NOT NULL,
                revision   INTEGER NOT NULL DEFAULT 0,
                is_firing  INTEGER NOT NULL DEFAULT 0,
                since      INTEGER,
                good_since INTEGER,
                seen_at    INTEGER,
                calls      INTEGER NOT NULL DEFAULT 0,
                value      REAL
            ) WITHOUT ROWID;
            CREATE INDEX alerts_by_project ON alerts (project);
            CREATE INDEX alerts_due ON alerts (look_at);
            CREATE TABLE alert_messages (
                id         TEXT PRIMARY KEY,
                alert      TEXT NOT NULL,
                body       BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                tries      INTEGER NOT NULL DEFAULT 0,
                try_at     INTEGER NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX alert_messages_of ON alert_messages (alert, created_at);
            CREATE INDEX alert_messages_due ON alert_messages (try_at);
            """,
    ];

    /// <summary>Brings a file up to date. Several processes may do so at once.</summary>
    public static void Apply(SqliteConnection connection)
    {
        connection.Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        var done = (long)connection.Scalar("PRAGMA user_version")!;
        foreach (var step in s_steps.Skip((int)done))
        {
            connection.Execute(step);
        }

        // A pragma takes no parameters.
        connection.Execute($"PRAGMA user_version = {s_steps.Length}");
        transaction.Commit();
    }
}
