using Microsoft.Data.Sqlite;
using Tunnel.Relay.State;

namespace Tunnel.Relay.Identity;

/// <summary>Tokens that the operator gave out. A token is found by its SHA-256, so looking it up tells nothing about it by its timing.</summary>
internal sealed class TokenStore(RelayDatabase database, TimeProvider time)
{
    /// <summary>Creates a token; this is the only moment at which it can be seen.</summary>
    /// <returns>Null when the name is taken.</returns>
    public string? Create(string name)
    {
        var token = Credential.NewToken();
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO tokens (name, hash, created_at) VALUES ($name, $hash, $now) ON CONFLICT (name) DO NOTHING";
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$hash", Credential.Hash(token));
        command.Parameters.AddWithValue("$now", time.GetUtcNow().ToUnixTimeSeconds());
        return command.ExecuteNonQuery() == 1 ? token : null;
    }

    public bool Revoke(string name)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM tokens WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteNonQuery() == 1;
    }

    public IReadOnlyList<(string Name, DateTimeOffset CreatedAt)> List()
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, created_at FROM tokens ORDER BY name";
        using var reader = command.ExecuteReader();
        List<(string, DateTimeOffset)> tokens = [];
        while (reader.Read())
        {
            tokens.Add((reader.GetString(0), DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64(1))));
        }

        return tokens;
    }

    /// <summary>The name of a token that is valid now, or null.</summary>
    /// <exception cref="SqliteException">The store cannot be read.</exception>
    public string? Find(string token)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM tokens WHERE hash = $hash";
        command.Parameters.AddWithValue("$hash", Credential.Hash(token));
        return command.ExecuteScalar() as string;
    }
}
