using Microsoft.Data.Sqlite;
using Tunnel.Relay.Names;
using Tunnel.Relay.State;

namespace Tunnel.Relay.Domains;

/// <summary>Domains in the relay's SQLite file. One immediate transaction per change makes it atomic, across processes too.</summary>
internal sealed class SqliteDomainStore(RelayDatabase database, TimeProvider time) : IDomainStore
{
    private const string Columns = "domain, owner, name, challenge, is_active, issue, created_at, checked_at, failing_since, expires_at";
    private const string IsAlive = "(expires_at IS NULL OR expires_at > $now)";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<DomainOutcome> FindRoomAsync(
        string ownerId,
        string domain,
        DomainBounds bounds,
        CancellationToken cancellationToken
    ) => Read(connection => FindRoom(connection, ownerId, domain, bounds, Now));

    public ValueTask<DomainOutcome> AddAsync(DomainClaim claim, DomainBounds bounds, CancellationToken cancellationToken) =>
        Write(connection =>
        {
            var now = Now;
            var outcome = FindRoom(connection, claim.OwnerId, claim.Domain, bounds, now);
            if (outcome != DomainOutcome.Noted)
            {
                return outcome;
            }

            connection.Execute(
                $"""
                DELETE FROM domains WHERE domain = $domain AND owner = $owner AND NOT {IsAlive};
                INSERT INTO domains (domain, owner, name, challenge, issue, created_at, expires_at, check_at)
                VALUES ($domain, $owner, $name, $challenge, 'NotProved', $now, $now + $keep, $now)
                ON CONFLICT (domain, owner) DO UPDATE SET
                    name = excluded.name,
                    check_at = excluded.check_at,
                    expires_at = CASE WHEN is_active THEN NULL ELSE excluded.expires_at END;
                {Touch}
                """,
                ("$domain", claim.Domain),
                ("$owner", claim.OwnerId),
                ("$name", claim.Name),
                ("$challenge", claim.Challenge),
                ("$now", now),
                ("$keep", (long)IDomainStore.KeepUnproved.TotalMilliseconds)
            );
            return outcome;
        });

    public ValueTask<bool> RemoveAsync(string ownerId, string domain, CancellationToken cancellationToken) =>
        Write(connection =>
        {
            var now = Now;
            var isRemoved = connection.Execute(
                $"DELETE FROM domains WHERE domain = $domain AND owner = $owner AND {IsAlive}",
                ("$domain", domain),
                ("$owner", ownerId),
                ("$now", now)
            );
            connection.Execute(Touch, ("$now", now));
            return isRemoved == 1;
        });

    public ValueTask<IReadOnlyList<DomainClaim>> ListAsync(string ownerId, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<DomainClaim>>(connection =>
            connection.Query(
                ToClaim,
                $"SELECT {Columns} FROM domains WHERE owner = $owner AND {IsAlive} ORDER BY domain",
                ("$owner", ownerId),
                ("$now", Now)
            )
        );

    public async ValueTask<IReadOnlyList<string>> TakeDueAsync(int count, CancellationToken cancellationToken)
    {
        // Mostly there is none, which is no reason to keep writers waiting.
        var isAnyDue = await Read(connection =>
            connection.Scalar("SELECT 1 FROM domains WHERE check_at <= $now LIMIT 1", ("$now", Now)) is not null
        );
        return isAnyDue ? await TakeDueAsync(count) : [];
    }

    private ValueTask<IReadOnlyList<string>> TakeDueAsync(int count) =>
        Write<IReadOnlyList<string>>(connection =>
        {
            var now = Now;
            var due = connection.Query(
                reader => reader.GetString(0),
                $"""
                SELECT domain FROM domains WHERE {IsAlive} GROUP BY domain HAVING MIN(check_at) <= $now
                ORDER BY MIN(check_at), domain LIMIT $count
                """,
                ("$now", now),
                ("$count", count)
            );
            foreach (var domain in due)
            {
                Postpone(connection, domain, now + (long)IDomainStore.TakenFor.TotalMilliseconds);
            }

            return due;
        });

    public async ValueTask JudgeAsync(
        string domain,
        IReadOnlyCollection<string> found,
        DomainPace pace,
        CancellationToken cancellationToken
    ) =>
        await Write(connection =>
        {
            var now = time.GetUtcNow();
            var judgement = DomainJudgement.Of(Claims(connection, domain, now.ToUnixTimeMilliseconds()), found, pace.Grace, now);
            // Whoever has it no longer comes first: there is room for one.
            foreach (var claim in judgement.Claims.OrderBy(claim => claim.IsActive))
            {
                Put(connection, claim);
            }

            var wait = judgement.IsSettled ? pace.Settled : pace.Unsettled;
            Postpone(connection, domain, (now + wait).ToUnixTimeMilliseconds());
            if (judgement.HasChanged)
            {
                connection.Execute(Touch, ("$now", now.ToUnixTimeMilliseconds()));
            }

            return true;
        });

    public ValueTask<DomainSnapshot> ReadActiveAsync(DomainSnapshot known, CancellationToken cancellationToken) =>
        Read(connection =>
        {
            // Both are from one moment.
            using var transaction = connection.BeginTransaction(deferred: true);
            var revision = (long)connection.Scalar("SELECT last FROM domain_revision")!;
            return revision == known.Revision
                ? known
                : new DomainSnapshot(
                    revision,
                    connection.Query(ToClaim, $"SELECT {Columns} FROM domains WHERE is_active = 1 ORDER BY domain")
                );
        });

    public ValueTask<int> ExpireAsync(int count, CancellationToken cancellationToken) =>
        Write(connection =>
            connection.Execute(
                """
                DELETE FROM domains WHERE (domain, owner) IN
                    (SELECT domain, owner FROM domains WHERE expires_at <= $now ORDER BY expires_at LIMIT $count)
                """,
                ("$now", Now),
                ("$count", count)
            )
        );

    private const string Touch = "UPDATE domain_revision SET last = MAX(last + 1, $now);";

    private static DomainOutcome FindRoom(SqliteConnection connection, string owner, string domain, DomainBounds bounds, long now) =>
        IsKnown(connection, owner, domain, now) ? DomainOutcome.Noted
        : Count(connection, "owner = $owner", owner, now) >= bounds.PerOwner ? DomainOutcome.TooManyOwn
        : Count(connection, "$owner IS NOT NULL", owner, now) >= bounds.Total ? DomainOutcome.TooMany
        : DomainOutcome.Noted;

    private static bool IsKnown(SqliteConnection connection, string owner, string domain, long now) =>
        connection.Scalar(
            $"SELECT 1 FROM domains WHERE domain = $domain AND owner = $owner AND {IsAlive}",
            ("$domain", domain),
            ("$owner", owner),
            ("$now", now)
        )
            is not null;

    private static long Count(SqliteConnection connection, string which, string owner, long now) =>
        (long)connection.Scalar($"SELECT COUNT(*) FROM domains WHERE {which} AND {IsAlive}", ("$owner", owner), ("$now", now))!;

    private static void Postpone(SqliteConnection connection, string domain, long until) =>
        connection.Execute("UPDATE domains SET check_at = $until WHERE domain = $domain", ("$until", until), ("$domain", domain));

    private static IReadOnlyList<DomainClaim> Claims(SqliteConnection connection, string domain, long now) =>
        connection.Query(
            ToClaim,
            $"SELECT {Columns} FROM domains WHERE domain = $domain AND {IsAlive}",
            ("$domain", domain),
            ("$now", now)
        );

    private static void Put(SqliteConnection connection, DomainClaim claim) =>
        connection.Execute(
            """
            UPDATE domains SET is_active = $active, issue = $issue, checked_at = $checked, failing_since = $failing, expires_at = $expires
            WHERE domain = $domain AND owner = $owner
            """,
            ("$domain", claim.Domain),
            ("$owner", claim.OwnerId),
            ("$active", claim.IsActive),
            ("$issue", claim.Issue.ToString()),
            ("$checked", claim.CheckedAt?.ToUnixTimeMilliseconds()),
            ("$failing", claim.FailingSince?.ToUnixTimeMilliseconds()),
            ("$expires", claim.ExpiresAt?.ToUnixTimeMilliseconds())
        );

    private static DomainClaim ToClaim(SqliteDataReader reader) =>
        new()
        {
            Domain = reader.GetString(0),
            OwnerId = reader.GetString(1),
            Name = reader.GetString(2),
            Challenge = reader.GetString(3),
            IsActive = reader.GetBoolean(4),
            Issue = Enum.Parse<DomainIssue>(reader.GetString(5)),
            CreatedAt = reader.Time(6),
            CheckedAt = reader.TimeOrNull(7),
            FailingSince = reader.TimeOrNull(8),
            ExpiresAt = reader.TimeOrNull(9),
        };

    private ValueTask<T> Write<T>(Func<SqliteConnection, T> change) => database.Write(change, Unavailable);

    private ValueTask<T> Read<T>(Func<SqliteConnection, T> ask) => database.Read(ask, Unavailable);

    private static NameStoreUnavailableException Unavailable(SqliteException cause) => new(cause);
}
