using System.Collections.Concurrent;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Tests.State;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Domains;

/// <summary>What every domain store promises to many callers at once.</summary>
public abstract class DomainStoreInterleavings
{
    private const string Domain = "mcp.example.com";
    private const int Owners = 6;
    private const int Steps = 120;

    private static readonly DomainBounds s_bounds = new(PerOwner: 5, Total: 1000);
    private static readonly DomainPace s_pace = new(TimeSpan.FromHours(6), TimeSpan.FromMinutes(1), TimeSpan.FromDays(3));

    private readonly ConcurrentQueue<string> _violations = [];
    private readonly OperationCounts _done = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 2 * TestLimits.DefaultMilliseconds)]
    public async Task WhateverOwnersDo_OneHasTheDomainAndOnlyWithAProof()
    {
        IDomainStore[] stores = [Open(), Open(), Open()];
        using var done = new CancellationTokenSource();
        var watching = WatchAsync(stores[0], done.Token);

        await Task.WhenAll(
            Enumerable
                .Range(0, Owners)
                .Select(number => Task.Run(() => ActAsync(stores[number % 3], $"owner-{number}", new Random(number)), Token))
        );
        await done.CancelAsync();
        await watching;
        _done.Tell();

        // What remains in the end is as one look at DNS says.
        await stores[1].AddAsync(Claim("owner-0"), s_bounds, Token);
        await stores[1].AddAsync(Claim("owner-1"), s_bounds, Token);
        await stores[2].JudgeAsync(Domain, [ChallengeOf("owner-1")], s_pace, Token);
        Assert.Equal("owner-1", Assert.Single((await stores[0].ReadActiveAsync(DomainSnapshot.Nothing, Token)).Active).OwnerId);
        Assert.Empty(_violations);
    }

    [Fact(Timeout = 2 * TestLimits.DefaultMilliseconds)]
    public async Task BoundOfDomains_HoldsForClaimsThatComeAtOnce()
    {
        IDomainStore[] stores = [Open(), Open(), Open()];

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(number =>
                    Task.Run(
                        async () => await stores[number % 3].AddAsync(Claim("owner", $"d{number}.example.com"), s_bounds, Token),
                        Token
                    )
                )
        );

        Assert.Equal(s_bounds.PerOwner, outcomes.Count(outcome => outcome == DomainOutcome.Noted));
        Assert.Equal(s_bounds.PerOwner, (await stores[0].ListAsync("owner", Token)).Count);
    }

    [Fact(Timeout = 2 * TestLimits.DefaultMilliseconds)]
    public async Task DueDomain_IsTakenByOne()
    {
        IDomainStore[] stores = [Open(), Open(), Open()];
        for (var round = 0; round < 20; round++)
        {
            await stores[0].AddAsync(Claim("owner"), s_bounds, Token);

            var taken = await Task.WhenAll(
                Enumerable.Range(0, 9).Select(number => Task.Run(async () => await stores[number % 3].TakeDueAsync(5, Token), Token))
            );

            Assert.Single(taken.SelectMany(domains => domains));
        }
    }

    private protected abstract IDomainStore Open();

    private static string ChallengeOf(string owner) => $"{owner}-proof";

    private static DomainClaim Claim(string owner, string domain = Domain) =>
        new()
        {
            Domain = domain,
            OwnerId = owner,
            Name = "otter",
            Challenge = ChallengeOf(owner),
        };

    /// <summary>Everybody's look-ups find some owners' proofs, never this one's after it said goodbye to DNS for good.</summary>
    private async Task ActAsync(IDomainStore store, string owner, Random random)
    {
        for (var step = 0; step < Steps; step++)
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    await store.AddAsync(Claim(owner), s_bounds, Token);
                    _done.Add("claims");
                    break;
                case 2 or 3:
                    // Owner 5 never has a proof.
                    var found = Enumerable
                        .Range(0, Owners - 1)
                        .Where(_ => random.Next(3) == 0)
                        .Select(number => ChallengeOf($"owner-{number}"));
                    await store.JudgeAsync(Domain, [.. found], s_pace, Token);
                    _done.Add("look-ups");
                    break;
                case 4:
                    await store.RemoveAsync(owner, Domain, Token);
                    _done.Add("removals");
                    if ((await store.ListAsync(owner, Token)).Count > 0)
                    {
                        _violations.Enqueue($"{owner} still has what it removed");
                    }

                    break;
                default:
                    await store.TakeDueAsync(1, Token);
                    await store.ExpireAsync(10, Token);
                    _done.Add("clean-ups");
                    break;
            }
        }
    }

    private async Task WatchAsync(IDomainStore store, CancellationToken stopping)
    {
        var holder = string.Empty;
        while (!stopping.IsCancellationRequested)
        {
            var active = (await store.ReadActiveAsync(DomainSnapshot.Nothing, Token)).Active;
            _done.Add("looks at what is active");
            if (active is [var only] && only.OwnerId != holder)
            {
                _done.Add("changes of hands that were seen");
                holder = only.OwnerId;
            }

            if (active.Count > 1 || active.Any(claim => claim.OwnerId == $"owner-{Owners - 1}"))
            {
                _violations.Enqueue($"active: {string.Join(", ", active.Select(claim => claim.OwnerId))}");
            }

            await Task.Yield();
        }
    }
}
