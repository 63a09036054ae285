using Microsoft.Data.Sqlite;
using Tunnel.Relay.State;

namespace Tunnel.Relay.Names;

/// <summary>Names in the relay's SQLite file. One immediate transaction per claim makes it atomic, across processes too.</summary>
internal sealed class SqliteNameStore(RelayDatabase database, TimeProvider time) : INameStore
{
    private const int MaxGeneratedAttempts = 64;

    // SQLite lets one writer in and makes the others of this process sleep; a lock wakes them at once.
    private readonly Lock _claiming = new();

    public ValueTask<NameClaim> ClaimAsync(string ownerId, string project, string? wanted, CancellationToken cancellationToken) =>
        Guarded(connection =>
        {
            lock (_claiming)
            {
                using var transaction = connection.BeginTransaction(deferred: false);
                var claim = Claim(connection, ownerId, project, wanted);
                transaction.Commit();
                return claim;
            }
        });

    public ValueTask<NameRecord?> FindAsync(string name, CancellationToken cancellationToken) =>
        Guarded(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT owner, used_at FROM names WHERE name = $name";
            command.Parameters.AddWithValue("$name", name);
            using var reader = command.ExecuteReader();
            return reader.Read()
                ? new NameRecord
                {
                    Name = name,
                    OwnerId = reader.GetString(0),
                    UsedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)),
                }
                : null;
        });

    private NameClaim Claim(SqliteConnection connection, string ownerId, string project, string? wanted)
    {
        var name = wanted ?? NameOfProject(connection, ownerId, project);
        if (name is not null)
        {
            return Take(connection, name, ownerId, project);
        }

        for (var attempt = 0; attempt < MaxGeneratedAttempts; attempt++)
        {
            var candidate = NameGenerator.Next(attempt);
            if (OwnerOf(connection, candidate) is null)
            {
                return Take(connection, candidate, ownerId, project);
            }
        }

        throw new InvalidOperationException($"no free name in {MaxGeneratedAttempts} draws");
    }

    private NameClaim Take(SqliteConnection connection, string name, string ownerId, string project)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO names (name, owner, project, generation, created_at, used_at)
            VALUES ($name, $owner, $project, 1, $now, $now)
            ON CONFLICT (name) DO UPDATE SET
                generation = generation + 1,
                project = excluded.project,
                used_at = excluded.used_at
            WHERE owner = excluded.owner
            RETURNING generation
            """;
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$owner", ownerId);
        command.Parameters.AddWithValue("$project", project);
        command.Parameters.AddWithValue("$now", time.GetUtcNow().ToUnixTimeMilliseconds());
        return new NameClaim(name, command.ExecuteScalar() as long?);
    }

    private static string? NameOfProject(SqliteConnection connection, string ownerId, string project)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM names WHERE owner = $owner AND project = $project ORDER BY used_at DESC, name LIMIT 1";
        command.Parameters.AddWithValue("$owner", ownerId);
        command.Parameters.AddWithValue("$project", project);
        return command.ExecuteScalar() as string;
    }

    private static string? OwnerOf(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT owner FROM names WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() as string;
    }

    private ValueTask<T> Guarded<T>(Func<SqliteConnection, T> operation)
    {
        try
        {
            using var connection = database.Open();
            return ValueTask.FromResult(operation(connection));
        }
        catch (SqliteException unavailable)
        {
            throw new NameStoreUnavailableException(unavailable);
        }
    }
}
