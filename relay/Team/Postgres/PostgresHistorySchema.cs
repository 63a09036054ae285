using System.Collections.Immutable;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>
/// The tables of a history in a schema of its own, with the columns that the history in a file has, so that both are asked the same. What is looked up by
/// its text has a hash for that, since texts may be longer than an index takes. Times are milliseconds since 1970, durations microseconds.
/// </summary>
internal static class PostgresHistorySchema
{
    // The row of "history" remembers how many of these there were, and how much there is. Steps that were released never change.
    private static readonly ImmutableArray<string> s_steps =
    [
        """
            ALTER TABLE history ADD events BIGINT NOT NULL DEFAULT 0, ADD bytes BIGINT NOT NULL DEFAULT 0, ADD pruned_at BIGINT NOT NULL DEFAULT 0;
            CREATE TABLE series (
                id               BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                hash             UUID NOT NULL UNIQUE,
                server           TEXT NOT NULL,
                type             TEXT NOT NULL,
                method           TEXT NOT NULL,
                tool             TEXT NOT NULL,
                client           TEXT NOT NULL,
                client_version   TEXT NOT NULL,
                protocol_version TEXT NOT NULL,
                upstream         TEXT NOT NULL,
                last_at          BIGINT NOT NULL DEFAULT 0
            );
            CREATE TABLE failures (
                id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                hash    UUID NOT NULL UNIQUE,
                code    TEXT NOT NULL,
                message TEXT NOT NULL
            );
            CREATE TABLE details (
                id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                hash        UUID NOT NULL UNIQUE,
                path        TEXT NOT NULL,
                reason      TEXT NOT NULL,
                widget      TEXT NOT NULL,
                directive   TEXT NOT NULL,
                blocked_uri TEXT NOT NULL,
                fix         TEXT NOT NULL
            );
            CREATE TABLE sessions (
                id               BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                hash             UUID NOT NULL UNIQUE,
                key              TEXT NOT NULL,
                server           TEXT NOT NULL,
                "user"           TEXT NOT NULL,
                client           TEXT NOT NULL,
                client_version   TEXT NOT NULL,
                protocol_version TEXT NOT NULL,
                started_at       BIGINT NOT NULL,
                last_at          BIGINT NOT NULL,
                ended_at         BIGINT,
                end_reason       TEXT,
                requests         BIGINT NOT NULL DEFAULT 0,
                calls            BIGINT NOT NULL DEFAULT 0,
                errors           BIGINT NOT NULL DEFAULT 0
            );
            CREATE INDEX sessions_by_time ON sessions (last_at);
            CREATE INDEX sessions_by_key ON sessions USING hash (key);
            CREATE TABLE events (
                sequence     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                id           UUID NOT NULL UNIQUE,
                at           BIGINT NOT NULL,
                series       BIGINT NOT NULL,
                session      BIGINT,
                failure      BIGINT,
                detail       BIGINT,
                latency      BIGINT,
                read_time    BIGINT,
                wait_time    BIGINT,
                upstream     BIGINT,
                rewrite_time BIGINT,
                edge_time    BIGINT,
                hold_time    BIGINT,
                tunnel_time  BIGINT,
                bytes_in     BIGINT,
                bytes_out    BIGINT,
                http_status  INTEGER,
                batch        INTEGER,
                status       SMALLINT,
                csp_applied  BOOLEAN,
                "user"       TEXT,
                request_id   TEXT
            );
            CREATE INDEX events_by_time ON events (at, sequence);
            CREATE INDEX events_by_series ON events (series, at, sequence);
            CREATE INDEX events_slow ON events (series, latency, at) WHERE latency >= 100000;
            CREATE INDEX events_by_session ON events (session, at) WHERE session IS NOT NULL;
            CREATE INDEX events_by_failure ON events (at, series, failure) WHERE status > 0;
            CREATE INDEX events_by_detail ON events (detail, at) WHERE detail IS NOT NULL;
            CREATE INDEX events_by_request ON events USING hash (request_id) WHERE request_id IS NOT NULL;
            CREATE TABLE rollups (
                width       INTEGER NOT NULL,
                at          BIGINT NOT NULL,
                series      BIGINT NOT NULL,
                count       BIGINT NOT NULL,
                errors      BIGINT NOT NULL,
                tool_errors BIGINT NOT NULL,
                longest     BIGINT NOT NULL,
                bytes_in    BIGINT NOT NULL,
                bytes_out   BIGINT NOT NULL,
                histogram   BYTEA NOT NULL,
                PRIMARY KEY (width, at, series)
            ) WITH (fillfactor = 70);
            CREATE TABLE tools (
                server    TEXT NOT NULL,
                tool      TEXT NOT NULL,
                version   INTEGER NOT NULL,
                hash      TEXT NOT NULL,
                json      TEXT NOT NULL,
                first_at  BIGINT NOT NULL,
                last_at   BIGINT NOT NULL
            );
            CREATE INDEX tools_by_name ON tools USING hash (tool);
            CREATE TABLE listings (
                server  TEXT PRIMARY KEY,
                last_at BIGINT NOT NULL
            );
            CREATE TABLE pruned (
                reason TEXT PRIMARY KEY,
                before BIGINT NOT NULL
            );
            CREATE TABLE losses (
                id    UUID PRIMARY KEY,
                at    BIGINT NOT NULL,
                count BIGINT NOT NULL
            );
            """,
        // Sums of one width by themselves: what a page reads is a tenth of all then, and lies together. What many are looked at for is in their indexes, which
        // is only enough for rows that were there when it was cleaned up last. Sessions and losses are counted as they come and go.
        """
            ALTER TABLE rollups RENAME TO rollups_of_all;
            ALTER TABLE rollups_of_all RENAME CONSTRAINT rollups_pkey TO rollups_of_all_pkey;
            CREATE TABLE rollups (LIKE rollups_of_all INCLUDING DEFAULTS, PRIMARY KEY (width, at, series)) PARTITION BY LIST (width);
            CREATE TABLE rollups_minute PARTITION OF rollups FOR VALUES IN (60) WITH (fillfactor = 70);
            CREATE TABLE rollups_ten_minutes PARTITION OF rollups FOR VALUES IN (600) WITH (fillfactor = 70);
            CREATE TABLE rollups_hour PARTITION OF rollups FOR VALUES IN (3600) WITH (fillfactor = 70);
            INSERT INTO rollups SELECT * FROM rollups_of_all ORDER BY width, at;
            DROP TABLE rollups_of_all;
            DROP INDEX events_by_failure;
            CREATE INDEX events_by_failure ON events (at, series, failure) INCLUDE (status, sequence) WHERE status > 0;
            DROP INDEX events_slow;
            CREATE INDEX events_slow ON events (series, latency, at) INCLUDE (status, sequence) WHERE latency >= 100000;
            DROP INDEX sessions_by_time;
            CREATE INDEX sessions_by_time ON sessions (last_at, started_at);
            ALTER TABLE events SET (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
            UPDATE history SET bytes = bytes - 15 * events + 20 * (SELECT COUNT(*) FROM rollups)
                                     + 560 * (SELECT COUNT(*) FROM sessions) + 100 * (SELECT COUNT(*) FROM losses);
            """,
    ];

    /// <summary>Makes the schema or brings it up to date. Several relays may do so at once.</summary>
    /// <exception cref="HistoryUnavailableException">A newer relay has made it.</exception>
    public static async ValueTask<bool> ApplyAsync(HistoryConnection connection, PostgresSchema schema)
    {
        try
        {
            return await PostgresSteps.ApplyAsync(connection, schema, "history", s_steps);
        }
        catch (NotSupportedException newer)
        {
            throw new HistoryUnavailableException(newer.Message, newer);
        }
    }
}
