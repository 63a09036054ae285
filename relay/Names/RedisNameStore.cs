using System.Globalization;
using StackExchange.Redis;
using Tunnel.Relay.State.Redis;

namespace Tunnel.Relay.Names;

/// <summary>
/// Names in a Redis server that several relays share. Each operation is one script, names.lua. While a server that was started again settles,
/// it takes leases that it has lost at their word, and refuses everything else that would give a name away.
/// </summary>
internal sealed class RedisNameStore(RedisConnection redis, TimeProvider time) : INameStore
{
    private static readonly RedisScript s_script = new("names.lua");

    public async ValueTask<NameClaim> ClaimAsync(NameRequest request, CancellationToken cancellationToken)
    {
        var claim = (string[])
            await RunAsync(
                "claim",
                [
                    .. ArgumentsOf(request.Owner),
                    request.Project,
                    request.Wanted,
                    request.Joins ? 1 : 0,
                    request.Candidates.Count,
                    .. request.Candidates.Select(candidate => (RedisValue)candidate),
                ],
                cancellationToken
            );
        return new NameClaim(Enum.Parse<ClaimOutcome>(claim[0]), claim[1], Whole(claim[2]), Whole(claim[3]));
    }

    public async ValueTask<OpeningState> ContinueAsync(NameLease opening, CancellationToken cancellationToken)
    {
        var found = (string[])await RunAsync("continue", [opening.Name, opening.OwnerId, opening.Generation], cancellationToken);
        return new OpeningState(Enum.Parse<LeaseState>(found[0]), Whole(found[1]));
    }

    public async ValueTask<ClaimOutcome> ReserveAsync(NameOwner owner, string name, CancellationToken cancellationToken) =>
        Enum.Parse<ClaimOutcome>((string)await RunAsync("reserve", [.. ArgumentsOf(owner), name], cancellationToken));

    public async ValueTask<IReadOnlyList<LeaseState>> RenewAsync(IReadOnlyList<NameLease> leases, CancellationToken cancellationToken)
    {
        if (leases.Count == 0)
        {
            return [];
        }

        var states = (string[])
            await RunAsync(
                "renew",
                [(long)INameStore.UseIsExactTo.TotalMilliseconds, leases.Count, .. leases.SelectMany(ArgumentsOf)],
                cancellationToken
            );
        return [.. states.Select(Enum.Parse<LeaseState>)];
    }

    public async ValueTask<bool> ReleaseAsync(string ownerId, string name, CancellationToken cancellationToken) =>
        (bool)await RunAsync("release", [ownerId, name], cancellationToken);

    public async ValueTask<NameRecord?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var row = (string[])await RunAsync("find", [name], cancellationToken);
        return row.Length > 0 ? ToRecord(row) : null;
    }

    public async ValueTask<IReadOnlyList<NameRecord>> ListAsync(string ownerId, CancellationToken cancellationToken)
    {
        var rows = (RedisResult[])await RunAsync("list", [ownerId], cancellationToken);
        return [.. rows.Select(row => ToRecord((string[])row)).OrderBy(record => record.Name, StringComparer.Ordinal)];
    }

    public async ValueTask<IReadOnlyList<NameRecord>> ListAllAsync(string after, int count, CancellationToken cancellationToken)
    {
        var rows = (RedisResult[])await RunAsync("list_all", [after, count], cancellationToken);
        return [.. rows.Select(row => ToRecord((string[])row))];
    }

    public async ValueTask<int> ExpireAsync(int count, CancellationToken cancellationToken) =>
        (int)await RunAsync("expire", [count], cancellationToken);

    public async ValueTask BanAsync(string name, string reason, CancellationToken cancellationToken) =>
        await RunAsync("ban", [name, reason], cancellationToken);

    public async ValueTask<bool> UnbanAsync(string name, CancellationToken cancellationToken) =>
        (bool)await RunAsync("unban", [name], cancellationToken);

    public async ValueTask<IReadOnlyList<NameBan>> ListBansAsync(CancellationToken cancellationToken)
    {
        // name, "1767322800000 phishing", name, …
        var pairs = (string[])await RunAsync("list_bans", [], cancellationToken);
        return [.. pairs.Chunk(2).Select(pair => ToBan(pair[0], pair[1].Split(' ', 2))).OrderBy(ban => ban.Name, StringComparer.Ordinal)];
    }

    private static RedisValue[] ArgumentsOf(NameOwner owner) => [owner.Id, Milliseconds(owner.KeepFor), owner.MaxNames];

    private static RedisValue[] ArgumentsOf(NameLease lease) =>
        [
            lease.Name,
            lease.OwnerId,
            lease.Generation,
            lease.Terms is null ? 0 : 1,
            lease.Terms?.Project,
            lease.Terms?.Floor ?? 0,
            lease.Terms is { IsShared: true } ? 1 : 0,
            Milliseconds(lease.Terms?.KeepFor),
        ];

    private static RedisValue Milliseconds(TimeSpan? time) => time is { } given ? (long)given.TotalMilliseconds : RedisValue.Null;

    private static NameRecord ToRecord(string[] row) =>
        new()
        {
            Name = row[0],
            OwnerId = row[1],
            Generation = Whole(row[2]),
            CreatedAt = Time(row[3]),
            UsedAt = Time(row[4]),
            ExpiresAt = row[5].Length > 0 ? Time(row[5]) : null,
        };

    private static NameBan ToBan(string name, string[] sinceAndReason) => new(name, sinceAndReason[1], Time(sinceAndReason[0]));

    private static long Whole(string number) => long.Parse(number, CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Whole(milliseconds));

    private Task<RedisResult> RunAsync(string operation, IEnumerable<RedisValue> arguments, CancellationToken cancellationToken) =>
        redis.RunAsync(s_script, operation, time.GetUtcNow(), arguments, Unavailable, cancellationToken);

    private static NameStoreUnavailableException Unavailable(Exception cause) => new(cause);
}
