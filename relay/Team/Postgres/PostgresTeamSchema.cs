using System.Collections.Immutable;
using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>The tables of projects, members and alerts. Times are milliseconds since 1970, and durations milliseconds.</summary>
internal static class PostgresTeamSchema
{
    public static readonly PostgresSchema Name = new("mcpr");

    // The row of "team" remembers how many of these there were. Steps that were released never change.
    private static readonly ImmutableArray<string> s_steps =
    [
        """
            CREATE TABLE projects (
                id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name       TEXT NOT NULL UNIQUE,
                max_age    BIGINT NOT NULL,
                max_bytes  BIGINT NOT NULL,
                created_at BIGINT NOT NULL
            );
            CREATE TABLE members (
                project    BIGINT NOT NULL,
                name       TEXT NOT NULL,
                hash       TEXT NOT NULL UNIQUE,
                role       TEXT NOT NULL CHECK (role IN ('sender', 'viewer', 'editor')),
                created_at BIGINT NOT NULL,
                PRIMARY KEY (project, name)
            );
            CREATE TABLE alerts (
                id         TEXT PRIMARY KEY,
                project    BIGINT NOT NULL,
                server     TEXT,
                tool       TEXT,
                metric     TEXT NOT NULL CHECK (metric IN ('error_rate', 'p95')),
                threshold  DOUBLE PRECISION NOT NULL,
                "window"   BIGINT NOT NULL,
                min_calls  INTEGER NOT NULL,
                url        TEXT NOT NULL,
                secret     TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                look_at    BIGINT NOT NULL,
                revision   BIGINT NOT NULL DEFAULT 0,
                is_firing  BOOLEAN NOT NULL DEFAULT FALSE,
                since      BIGINT,
                good_since BIGINT,
                seen_at    BIGINT,
                calls      BIGINT NOT NULL DEFAULT 0,
                value      DOUBLE PRECISION
            );
            CREATE INDEX alerts_by_project ON alerts (project);
            CREATE INDEX alerts_due ON alerts (look_at);
            CREATE TABLE alert_messages (
                id         TEXT PRIMARY KEY,
                alert      TEXT NOT NULL,
                body       BYTEA NOT NULL,
                created_at BIGINT NOT NULL,
                tries      INTEGER NOT NULL DEFAULT 0,
                try_at     BIGINT NOT NULL
            );
            CREATE INDEX alert_messages_of ON alert_messages (alert, created_at);
            CREATE INDEX alert_messages_due ON alert_messages (try_at);
            """,
    ];

    /// <summary>Makes the schema or brings it up to date. Several relays may do so at once.</summary>
    public static ValueTask<bool> ApplyAsync(HistoryConnection connection) => PostgresSteps.ApplyAsync(connection, Name, "team", s_steps);
}
