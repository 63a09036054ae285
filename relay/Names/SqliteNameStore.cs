using Microsoft.Data.Sqlite;
using Tunnel.Relay.State;

namespace Tunnel.Relay.Names;

/// <summary>Names in the relay's SQLite file. One immediate transaction per change makes it atomic, across processes too.</summary>
internal sealed class SqliteNameStore(RelayDatabase database, TimeProvider time) : INameStore
{
    private const string Columns = "name, owner, generation, created_at, used_at, expires_at";
    private const string IsAlive = "(expires_at IS NULL OR expires_at > $now)";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<NameClaim> ClaimAsync(NameRequest request, CancellationToken cancellationToken) =>
        Write(connection => Claim(connection, request, Now));

    public ValueTask<OpeningState> ContinueAsync(NameLease opening, CancellationToken cancellationToken) =>
        Read(connection =>
        {
            var row = FindRow(connection, opening.Name, Now);
            return new OpeningState(Judge(connection, row, opening), row?.Floor ?? 0);
        });

    public ValueTask<ClaimOutcome> ReserveAsync(NameOwner owner, string name, CancellationToken cancellationToken) =>
        Write(connection =>
        {
            var now = Now;
            if (FindObstacle(connection, owner, name, now, out var row) is { } obstacle)
            {
                return obstacle;
            }

            // A reservation takes nothing from a tunnel that is open.
            Put(connection, name, owner, project: null, row ?? new NameRow(owner.Id, 0, 0, IsShared: false), now);
            return ClaimOutcome.Granted;
        });

    public ValueTask<IReadOnlyList<LeaseState>> RenewAsync(IReadOnlyList<NameLease> leases, CancellationToken cancellationToken)
    {
        if (leases.Count == 0)
        {
            return ValueTask.FromResult<IReadOnlyList<LeaseState>>([]);
        }

        return Write<IReadOnlyList<LeaseState>>(connection =>
        {
            var now = Now;
            return [.. leases.Select(lease => Renew(connection, lease, now))];
        });
    }

    public ValueTask<bool> ReleaseAsync(string ownerId, string name, CancellationToken cancellationToken) =>
        Write(connection =>
            connection.Execute(
                $"DELETE FROM names WHERE name = $name AND owner = $owner AND {IsAlive}",
                ("$name", name),
                ("$owner", ownerId),
                ("$now", Now)
            ) == 1
        );

    public ValueTask<NameRecord?> FindAsync(string name, CancellationToken cancellationToken) =>
        Read(connection =>
            connection
                .Query(ToRecord, $"SELECT {Columns} FROM names WHERE name = $name AND {IsAlive}", ("$name", name), ("$now", Now))
                .SingleOrDefault()
        );

    public ValueTask<IReadOnlyList<NameRecord>> ListAsync(string ownerId, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<NameRecord>>(connection =>
            connection.Query(
                ToRecord,
                $"SELECT {Columns} FROM names WHERE owner = $owner AND {IsAlive} ORDER BY name",
                ("$owner", ownerId),
                ("$now", Now)
            )
        );

    public ValueTask<IReadOnlyList<NameRecord>> ListAllAsync(string after, int count, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<NameRecord>>(connection =>
            connection.Query(
                ToRecord,
                $"SELECT {Columns} FROM names WHERE name > $after AND {IsAlive} ORDER BY name LIMIT $count",
                ("$after", after),
                ("$count", count),
                ("$now", Now)
            )
        );

    public ValueTask<int> ExpireAsync(int count, CancellationToken cancellationToken) =>
        Write(connection =>
            connection.Execute(
                "DELETE FROM names WHERE name IN (SELECT name FROM names WHERE expires_at <= $now ORDER BY expires_at LIMIT $count)",
                ("$now", Now),
                ("$count", count)
            )
        );

    public async ValueTask BanAsync(string name, string reason, CancellationToken cancellationToken) =>
        await Write(connection =>
            connection.Execute(
                "INSERT INTO bans (name, reason, created_at) VALUES ($name, $reason, $now) ON CONFLICT (name) DO UPDATE SET reason = excluded.reason",
                ("$name", name),
                ("$reason", reason),
                ("$now", Now)
            )
        );

    public ValueTask<bool> UnbanAsync(string name, CancellationToken cancellationToken) =>
        Write(connection => connection.Execute("DELETE FROM bans WHERE name = $name", ("$name", name)) == 1);

    public ValueTask<IReadOnlyList<NameBan>> ListBansAsync(CancellationToken cancellationToken) =>
        Read<IReadOnlyList<NameBan>>(connection =>
            connection.Query(
                reader => new NameBan(reader.GetString(0), reader.GetString(1), reader.Time(2)),
                "SELECT name, reason, created_at FROM bans ORDER BY name"
            )
        );

    private static NameClaim Claim(SqliteConnection connection, NameRequest request, long now)
    {
        if ((request.Wanted ?? NameOfProject(connection, request, now)) is { } name)
        {
            return Take(connection, request, name, now);
        }

        foreach (var candidate in request.Candidates)
        {
            var claim = Take(connection, request, candidate, now);
            if (claim.Outcome is ClaimOutcome.Granted or ClaimOutcome.TooManyNames)
            {
                return claim;
            }
        }

        return new NameClaim(ClaimOutcome.NoneFree, request.Candidates.Count > 0 ? request.Candidates[^1] : string.Empty);
    }

    private static NameClaim Take(SqliteConnection connection, NameRequest request, string name, long now)
    {
        if (FindObstacle(connection, request.Owner, name, now, out var row) is { } obstacle)
        {
            return new NameClaim(obstacle, name);
        }

        var generation = NextGeneration(connection, now);
        var floor = row is { IsShared: true } && request.Joins ? row.Floor : generation;
        Put(connection, name, request.Owner, request.Project, new NameRow(request.Owner.Id, generation, floor, request.Joins), now);
        return new NameClaim(ClaimOutcome.Granted, name, generation, floor);
    }

    /// <returns>Why the owner cannot have the name, or null with what there is of it.</returns>
    private static ClaimOutcome? FindObstacle(SqliteConnection connection, NameOwner owner, string name, long now, out NameRow? row)
    {
        row = FindRow(connection, name, now);
        if (IsBanned(connection, name))
        {
            return ClaimOutcome.Banned;
        }

        if (row is not null)
        {
            return row.OwnerId == owner.Id ? null : ClaimOutcome.OwnedByAnother;
        }

        var count = (long)
            connection.Scalar($"SELECT COUNT(*) FROM names WHERE owner = $owner AND {IsAlive}", ("$owner", owner.Id), ("$now", now))!;
        return count >= owner.MaxNames ? ClaimOutcome.TooManyNames : null;
    }

    private static LeaseState Renew(SqliteConnection connection, NameLease lease, long now)
    {
        var state = Judge(connection, FindRow(connection, lease.Name, now), lease);
        if (state == LeaseState.Held)
        {
            connection.Execute(
                "UPDATE names SET used_at = $now, expires_at = $now + keep_for WHERE name = $name AND used_at <= $stale",
                ("$name", lease.Name),
                ("$now", now),
                ("$stale", now - (long)INameStore.UseIsExactTo.TotalMilliseconds)
            );
        }

        return state;
    }

    private static LeaseState Judge(SqliteConnection connection, NameRow? row, NameLease lease) =>
        row is null || row.OwnerId != lease.OwnerId || lease.Generation > row.Generation ? LeaseState.Lost
        : IsBanned(connection, lease.Name) ? LeaseState.Banned
        : lease.Generation < row.Floor ? LeaseState.Replaced
        : LeaseState.Held;

    private static void Put(SqliteConnection connection, string name, NameOwner owner, string? project, NameRow row, long now) =>
        connection.Execute(
            """
            INSERT INTO names (name, owner, project, generation, floor, is_shared, created_at, used_at, keep_for, expires_at)
            VALUES ($name, $owner, COALESCE($project, ''), $generation, $floor, $shared, $now, $now, $keep, $now + $keep)
            ON CONFLICT (name) DO UPDATE SET
                created_at = CASE WHEN owner = excluded.owner THEN created_at ELSE excluded.created_at END,
                project = CASE WHEN $project IS NULL AND owner = excluded.owner THEN project ELSE excluded.project END,
                owner = excluded.owner,
                generation = excluded.generation,
                floor = excluded.floor,
                is_shared = excluded.is_shared,
                used_at = excluded.used_at,
                keep_for = excluded.keep_for,
                expires_at = excluded.expires_at
            """,
            ("$name", name),
            ("$owner", owner.Id),
            ("$project", project),
            ("$generation", row.Generation),
            ("$floor", row.Floor),
            ("$shared", row.IsShared),
            ("$now", now),
            ("$keep", (long?)owner.KeepFor?.TotalMilliseconds)
        );

    /// <summary>One counter for all names: a name that changed hands goes on rising. Time in it makes up for a store that was lost.</summary>
    private static long NextGeneration(SqliteConnection connection, long now) =>
        (long)connection.Scalar("UPDATE generations SET last = MAX(last + 1, $now) RETURNING last", ("$now", now))!;

    private static string? NameOfProject(SqliteConnection connection, NameRequest request, long now) =>
        connection.Scalar(
            $"SELECT name FROM names WHERE owner = $owner AND project = $project AND {IsAlive} ORDER BY used_at DESC, generation DESC LIMIT 1",
            ("$owner", request.Owner.Id),
            ("$project", request.Project),
            ("$now", now)
        ) as string;

    private static NameRow? FindRow(SqliteConnection connection, string name, long now) =>
        connection
            .Query(
                reader => new NameRow(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetBoolean(3)),
                $"SELECT owner, generation, floor, is_shared FROM names WHERE name = $name AND {IsAlive}",
                ("$name", name),
                ("$now", now)
            )
            .SingleOrDefault();

    private static bool IsBanned(SqliteConnection connection, string name) =>
        connection.Scalar("SELECT 1 FROM bans WHERE name = $name", ("$name", name)) is not null;

    private static NameRecord ToRecord(SqliteDataReader reader) =>
        new()
        {
            Name = reader.GetString(0),
            OwnerId = reader.GetString(1),
            Generation = reader.GetInt64(2),
            CreatedAt = reader.Time(3),
            UsedAt = reader.Time(4),
            ExpiresAt = reader.TimeOrNull(5),
        };

    private ValueTask<T> Write<T>(Func<SqliteConnection, T> change) => database.Write(change, Unavailable);

    private ValueTask<T> Read<T>(Func<SqliteConnection, T> ask) => database.Read(ask, Unavailable);

    private static NameStoreUnavailableException Unavailable(SqliteException cause) => new(cause);

    private sealed record NameRow(string OwnerId, long Generation, long Floor, bool IsShared);
}
