namespace Tunnel.Relay.Domains;

/// <summary>What a look-up means for the claims of a domain; the rules are those of <see cref="IDomainStore.JudgeAsync"/>.</summary>
/// <param name="Claims">The claims as they are now.</param>
/// <param name="IsSettled">Whether nobody waits for anything.</param>
/// <param name="HasChanged">Whether anything is other than it was that requests depend on, or that the owner wants to hear of.</param>
internal sealed record DomainJudgement(IReadOnlyList<DomainClaim> Claims, bool IsSettled, bool HasChanged)
{
    /// <param name="claims">The claims of one domain, each with its version as it was read.</param>
    /// <param name="found">All values that DNS has.</param>
    /// <param name="grace">How long the proof may be away.</param>
    /// <param name="now">When DNS was asked.</param>
    public static DomainJudgement Of(
        IReadOnlyList<DomainClaim> claims,
        IReadOnlyCollection<string> found,
        TimeSpan grace,
        DateTimeOffset now
    )
    {
        var first = claims
            .Where(claim => Has(claim))
            .OrderBy(claim => claim.CreatedAt)
            .ThenBy(claim => claim.OwnerId, StringComparer.Ordinal)
            .FirstOrDefault();
        var holder = claims.FirstOrDefault(claim => claim.IsActive);
        var failingSince = holder?.FailingSince ?? now;
        var keeps = holder is not null && (Has(holder) || (first is null && failingSince + grace > now));
        var winner = keeps ? holder : first;
        var judged = claims.Select(claim => Judge(claim, winner, first is not null, Has(claim), now)).ToList();
        return new DomainJudgement(
            judged,
            judged is [{ IsActive: true, FailingSince: null }],
            judged
                .Zip(claims)
                .Any(pair => pair.First.IsActive != pair.Second.IsActive || pair.First.FailingSince != pair.Second.FailingSince)
        );

        bool Has(DomainClaim claim) => found.Contains(claim.Challenge, StringComparer.Ordinal);
    }

    private static DomainClaim Judge(DomainClaim claim, DomainClaim? winner, bool isProvedBySomebody, bool isProved, DateTimeOffset now)
    {
        if (claim == winner)
        {
            return claim with
            {
                IsActive = true,
                Issue = isProved ? DomainIssue.None : DomainIssue.ProofGone,
                CheckedAt = now,
                FailingSince = isProved ? null : claim.FailingSince ?? now,
                ExpiresAt = null,
            };
        }

        if (claim.IsActive)
        {
            return claim with
            {
                IsActive = false,
                Issue = isProvedBySomebody ? DomainIssue.ProvedByAnother : DomainIssue.ProofGone,
                CheckedAt = now,
                FailingSince = null,
                ExpiresAt = now + IDomainStore.KeepUnproved,
            };
        }

        var issue =
            isProved ? DomainIssue.HeldByAnother
            : claim.Issue == DomainIssue.HeldByAnother ? DomainIssue.NotProved
            : claim.Issue;
        return claim with { Issue = issue, CheckedAt = now };
    }
}
