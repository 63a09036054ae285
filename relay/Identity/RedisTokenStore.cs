using System.Globalization;
using StackExchange.Redis;
using Tunnel.Relay.State.Redis;

namespace Tunnel.Relay.Identity;

/// <summary>Tokens in a Redis server that several relays share. Each operation is one script, tokens.lua.</summary>
internal sealed class RedisTokenStore(RedisConnection redis, TimeProvider time) : ITokenStore
{
    private static readonly RedisScript s_script = new("tokens.lua");

    public async ValueTask<bool> AddAsync(TokenRecord token, string hash, CancellationToken cancellationToken) =>
        (bool)await RunAsync("add", [hash, .. ArgumentsOf(token)], cancellationToken);

    public async ValueTask<bool> RevokeAsync(string name, CancellationToken cancellationToken) =>
        (bool)await RunAsync("revoke", [name], cancellationToken);

    public async ValueTask<IReadOnlyList<TokenRecord>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = (RedisResult[])await RunAsync("list", [], cancellationToken);
        return [.. rows.Select(row => ToRecord((string[])row)).OrderBy(token => token.Name, StringComparer.Ordinal)];
    }

    public async ValueTask<TokenRecord?> FindAsync(string hash, TokenRecord? inUse, CancellationToken cancellationToken)
    {
        var row = (string[])await RunAsync("find", [hash, .. inUse is null ? [] : ArgumentsOf(inUse)], cancellationToken);
        return row.Length > 0 ? ToRecord(row) : null;
    }

    private static RedisValue[] ArgumentsOf(TokenRecord token) =>
        [
            token.Name,
            token.Names.ToString(),
            token.MaxTunnels,
            token.CreatedAt.ToUnixTimeMilliseconds(),
            token.ExpiresAt?.ToUnixTimeMilliseconds(),
        ];

    private static TokenRecord ToRecord(string[] row) =>
        new()
        {
            Name = row[0],
            // What somebody edited by hand must not open more than it says.
            Names = NamePatterns.Parse(row[1]) ?? NamePatterns.None,
            MaxTunnels = row[2].Length > 0 ? int.Parse(row[2], CultureInfo.InvariantCulture) : null,
            CreatedAt = Time(row[3]),
            ExpiresAt = row[4].Length > 0 ? Time(row[4]) : null,
        };

    private static DateTimeOffset Time(string milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));

    private Task<RedisResult> RunAsync(string operation, IEnumerable<RedisValue> arguments, CancellationToken cancellationToken) =>
        redis.RunAsync(s_script, operation, time.GetUtcNow(), arguments, Unavailable, cancellationToken);

    private static TokenStoreUnavailableException Unavailable(Exception cause) => new(cause);
}
