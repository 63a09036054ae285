using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Tunnel.Relay.State;

namespace Tunnel.Relay.Identity;

/// <summary>Tokens in the relay's SQLite file, where the <c>tokens</c> commands change them while the relay runs.</summary>
internal sealed class SqliteTokenStore(RelayDatabase database, TimeProvider time) : ITokenStore
{
    private const string Columns = "name, names, max_tunnels, created_at, expires_at";

    public ValueTask<bool> AddAsync(TokenRecord token, string hash, CancellationToken cancellationToken) =>
        Guarded(connection =>
            connection.Execute(
                """
                INSERT INTO tokens (name, hash, names, max_tunnels, created_at, expires_at)
                VALUES ($name, $hash, $names, $tunnels, $created, $expires)
                ON CONFLICT (name) DO NOTHING
                """,
                ("$name", token.Name),
                ("$hash", hash),
                ("$names", token.Names.ToString()),
                ("$tunnels", token.MaxTunnels),
                ("$created", token.CreatedAt.ToUnixTimeMilliseconds()),
                ("$expires", token.ExpiresAt?.ToUnixTimeMilliseconds())
            ) == 1
        );

    public ValueTask<bool> RevokeAsync(string name, CancellationToken cancellationToken) =>
        Guarded(connection => connection.Execute("DELETE FROM tokens WHERE name = $name", ("$name", name)) == 1);

    public ValueTask<IReadOnlyList<TokenRecord>> ListAsync(CancellationToken cancellationToken) =>
        Guarded<IReadOnlyList<TokenRecord>>(connection => connection.Query(ToRecord, $"SELECT {Columns} FROM tokens ORDER BY name"));

    public ValueTask<TokenRecord?> FindAsync(string hash, TokenRecord? inUse, CancellationToken cancellationToken) =>
        Guarded(connection =>
            connection
                .Query(
                    reader => IsSame(reader.GetString(5), hash) ? ToRecord(reader) : null,
                    $"SELECT {Columns}, hash FROM tokens WHERE hash = $hash AND (expires_at IS NULL OR expires_at > $now)",
                    ("$hash", hash),
                    ("$now", time.GetUtcNow().ToUnixTimeMilliseconds())
                )
                .SingleOrDefault()
        );

    // The index compares hashes, whose timing tells nothing about a token; this leaves no need to think about it.
    private static bool IsSame(string kept, string shown) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(kept), Encoding.ASCII.GetBytes(shown));

    private static TokenRecord ToRecord(SqliteDataReader reader) =>
        new()
        {
            Name = reader.GetString(0),
            // A file that somebody edited by hand must not open more than it says.
            Names = NamePatterns.Parse(reader.GetString(1)) ?? NamePatterns.None,
            MaxTunnels = (int?)reader.Int64OrNull(2),
            CreatedAt = reader.Time(3),
            ExpiresAt = reader.TimeOrNull(4),
        };

    private ValueTask<T> Guarded<T>(Func<SqliteConnection, T> operation) =>
        database.Read(operation, static cause => new TokenStoreUnavailableException(cause));
}
