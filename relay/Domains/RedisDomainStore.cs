using System.Globalization;
using StackExchange.Redis;
using Tunnel.Relay.Names;
using Tunnel.Relay.State.Redis;

namespace Tunnel.Relay.Domains;

/// <summary>Domains in a Redis server that several relays share. Each operation is one script, domains.lua.</summary>
internal sealed class RedisDomainStore(RedisConnection redis, TimeProvider time) : IDomainStore
{
    private const string Nothing = "-";

    /// <summary>One of those who come at once always gets through, so that so many in a row are next to impossible.</summary>
    private const int MaxAttempts = 20;

    private static readonly RedisScript s_script = new("domains.lua");

    public async ValueTask<DomainOutcome> FindRoomAsync(
        string ownerId,
        string domain,
        DomainBounds bounds,
        CancellationToken cancellationToken
    ) =>
        Enum.Parse<DomainOutcome>((string)await RunAsync("find_room", [domain, ownerId, bounds.PerOwner, bounds.Total], cancellationToken));

    public async ValueTask<DomainOutcome> AddAsync(DomainClaim claim, DomainBounds bounds, CancellationToken cancellationToken) =>
        Enum.Parse<DomainOutcome>(
            (string)
                await RunAsync(
                    "add",
                    [
                        claim.Domain,
                        claim.OwnerId,
                        claim.Name,
                        claim.Challenge,
                        bounds.PerOwner,
                        bounds.Total,
                        (long)IDomainStore.KeepUnproved.TotalMilliseconds,
                    ],
                    cancellationToken
                )
        );

    public async ValueTask<bool> RemoveAsync(string ownerId, string domain, CancellationToken cancellationToken) =>
        (bool)await RunAsync("remove", [domain, ownerId], cancellationToken);

    public async ValueTask<IReadOnlyList<DomainClaim>> ListAsync(string ownerId, CancellationToken cancellationToken) =>
        ToClaims((string[])await RunAsync("list", [ownerId], cancellationToken));

    public async ValueTask<IReadOnlyList<string>> TakeDueAsync(int count, CancellationToken cancellationToken) =>
        (string[])await RunAsync("due", [(long)IDomainStore.TakenFor.TotalMilliseconds, count], cancellationToken);

    public async ValueTask JudgeAsync(
        string domain,
        IReadOnlyCollection<string> found,
        DomainPace pace,
        CancellationToken cancellationToken
    )
    {
        // Somebody else changed a claim meanwhile: the next look sees it. Whoever never gets through leaves it to the next look at DNS.
        for (var attempt = 0; attempt < MaxAttempts && !await TryJudgeAsync(domain, found, pace, cancellationToken); attempt++) { }
    }

    public async ValueTask<DomainSnapshot> ReadActiveAsync(DomainSnapshot known, CancellationToken cancellationToken)
    {
        var rows = (string[])await RunAsync("active", [known.Revision], cancellationToken);
        if (rows[0] == "settling")
        {
            await RunAsync("put_back", [known.Active.Count, .. known.Active.SelectMany(ArgumentsOf)], cancellationToken);
            return known;
        }

        var revision = long.Parse(rows[0], CultureInfo.InvariantCulture);
        return revision == known.Revision ? known : new DomainSnapshot(revision, ToClaims(rows.AsSpan(1)));
    }

    public async ValueTask<int> ExpireAsync(int count, CancellationToken cancellationToken) =>
        (int)await RunAsync("expire", [count], cancellationToken);

    private async Task<bool> TryJudgeAsync(
        string domain,
        IReadOnlyCollection<string> found,
        DomainPace pace,
        CancellationToken cancellationToken
    )
    {
        var rows = (string[])await RunAsync("read", [domain], cancellationToken);
        if (rows.Length == 1)
        {
            return true;
        }

        var now = time.GetUtcNow();
        var judgement = DomainJudgement.Of(ToClaims(rows.AsSpan(1)), found, pace.Grace, now);
        var dueAt = now + (judgement.IsSettled ? pace.Settled : pace.Unsettled);
        return (bool)
            await RunAsync(
                "judge",
                [
                    domain,
                    rows[0],
                    dueAt.ToUnixTimeMilliseconds(),
                    judgement.HasChanged ? 1 : 0,
                    judgement.Claims.Count,
                    .. judgement.Claims.SelectMany(claim => ArgumentsOf(claim).Skip(1)),
                ],
                cancellationToken
            );
    }

    private static RedisValue[] ArgumentsOf(DomainClaim claim) => [claim.Domain, claim.OwnerId, LineOf(claim)];

    private static string LineOf(DomainClaim claim) =>
        string.Join(
            ' ',
            claim.Name,
            claim.Challenge,
            claim.IsActive ? "1" : "0",
            claim.Issue,
            Milliseconds(claim.CreatedAt),
            Milliseconds(claim.CheckedAt),
            Milliseconds(claim.FailingSince),
            Milliseconds(claim.ExpiresAt)
        );

    /// <param name="rows">Domain, owner and line of each claim.</param>
    private static List<DomainClaim> ToClaims(ReadOnlySpan<string> rows)
    {
        List<DomainClaim> claims = new(rows.Length / 3);
        for (; rows.Length >= 3; rows = rows[3..])
        {
            // my-name Qk3…x 1 None 1767322800000 1767322860000 - -
            var line = rows[2].Split(' ');
            claims.Add(
                new DomainClaim
                {
                    Domain = rows[0],
                    OwnerId = rows[1],
                    Name = line[0],
                    Challenge = line[1],
                    IsActive = line[2] == "1",
                    Issue = Enum.Parse<DomainIssue>(line[3]),
                    CreatedAt = Time(line[4]) ?? DateTimeOffset.UnixEpoch,
                    CheckedAt = Time(line[5]),
                    FailingSince = Time(line[6]),
                    ExpiresAt = Time(line[7]),
                }
            );
        }

        claims.Sort((one, other) => string.CompareOrdinal(one.Domain, other.Domain));
        return claims;
    }

    private static string Milliseconds(DateTimeOffset? time) =>
        time?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) ?? Nothing;

    private static DateTimeOffset? Time(string milliseconds) =>
        milliseconds == Nothing ? null : DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));

    private Task<RedisResult> RunAsync(string operation, IEnumerable<RedisValue> arguments, CancellationToken cancellationToken) =>
        redis.RunAsync(s_script, operation, time.GetUtcNow(), arguments, Unavailable, cancellationToken);

    private static NameStoreUnavailableException Unavailable(Exception cause) => new(cause);
}
