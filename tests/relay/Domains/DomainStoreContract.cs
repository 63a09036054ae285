using Tunnel.Relay.Domains;
using Xunit;

namespace Tunnel.Relay.Tests.Domains;

/// <summary>
/// What every domain store promises to one caller at a time; <see cref="DomainStoreInterleavings"/> has what it promises to many at once.
/// </summary>
public abstract class DomainStoreContract
{
    private const string Domain = "mcp.example.com";

    private static readonly DomainBounds s_bounds = new(PerOwner: 3, Total: 5);
    private static readonly DomainPace s_pace = new(TimeSpan.FromHours(6), TimeSpan.FromMinutes(1), TimeSpan.FromDays(3));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claim_IsNoProof()
    {
        var store = Open();

        Assert.Equal(DomainOutcome.Noted, await AddAsync(store, "alice"));

        var claim = Assert.Single(await store.ListAsync("alice", Token));
        Assert.Equal((Domain, "alice", "otter", "alice-mcp.example.com"), (claim.Domain, claim.OwnerId, claim.Name, claim.Challenge));
        Assert.Equal((false, DomainIssue.NotProved), (claim.IsActive, claim.Issue));
        Assert.Equal((Now, null), (claim.CreatedAt, claim.CheckedAt));
        Assert.Empty((await ActiveAsync(store)).Active);
    }

    [Fact]
    public async Task ProofInDns_MakesItTheOwners()
    {
        var store = Open();
        await AddAsync(store, "alice");

        await JudgeAsync(store, "something else", "alice-mcp.example.com");

        var active = Assert.Single((await ActiveAsync(store)).Active);
        Assert.Equal((Domain, "alice", "otter", DomainIssue.None), (active.Domain, active.OwnerId, active.Name, active.Issue));
        Assert.Equal((Now, null, null), (active.CheckedAt, active.FailingSince, active.ExpiresAt));
    }

    [Fact]
    public async Task OtherValues_ProveNothing()
    {
        var store = Open();
        await AddAsync(store, "alice");

        await JudgeAsync(store, "", "ALICE-MCP.example.com", "bob-mcp.example.com");

        Assert.Empty((await ActiveAsync(store)).Active);
        Assert.Equal(Now, Assert.Single(await store.ListAsync("alice", Token)).CheckedAt);
    }

    [Fact]
    public async Task SameClaimAgain_KeepsChallengeAndStateAndTakesTheName()
    {
        var store = Open();
        await AddAsync(store, "alice");
        await JudgeAsync(store, "alice-mcp.example.com");

        await store.AddAsync(Claim("alice") with { Name = "heron", Challenge = "another" }, s_bounds, Token);

        var claim = Assert.Single(await store.ListAsync("alice", Token));
        Assert.Equal(("heron", "alice-mcp.example.com", true), (claim.Name, claim.Challenge, claim.IsActive));
        Assert.Equal("heron", Assert.Single((await ActiveAsync(store)).Active).Name);
    }

    [Fact]
    public async Task ProofThatIsAway_CountsForTheGraceTime()
    {
        var store = Open();
        await AddAsync(store, "alice");
        await JudgeAsync(store, "alice-mcp.example.com");
        PassTime(TimeSpan.FromDays(1));
        var gone = Now;

        await JudgeAsync(store);
        PassTime(s_pace.Grace - TimeSpan.FromSeconds(1));
        await JudgeAsync(store);

        var failing = Assert.Single((await ActiveAsync(store)).Active);
        Assert.Equal((gone, DomainIssue.ProofGone), (failing.FailingSince, failing.Issue));
        PassTime(TimeSpan.FromSeconds(1));
        await JudgeAsync(store);
        Assert.Empty((await ActiveAsync(store)).Active);
        var claim = Assert.Single(await store.ListAsync("alice", Token));
        Assert.Equal((false, DomainIssue.ProofGone), (claim.IsActive, claim.Issue));
    }

    [Fact]
    public async Task ProofThatComesBackInTime_IsAsIfNothingHadHappened()
    {
        var store = Open();
        await AddAsync(store, "alice");
        await JudgeAsync(store, "alice-mcp.example.com");
        await JudgeAsync(store);
        PassTime(s_pace.Grace / 2);
        await JudgeAsync(store, "alice-mcp.example.com");
        PassTime(s_pace.Grace / 2);
        await JudgeAsync(store);

        Assert.Equal(Now, Assert.Single((await ActiveAsync(store)).Active).FailingSince);
    }

    [Fact]
    public async Task AnotherWithAProof_GetsNothingWhileTheFirstHasOne()
    {
        var store = Open();
        await AddAsync(store, "alice");
        await JudgeAsync(store, "alice-mcp.example.com");
        await AddAsync(store, "bob");

        await JudgeAsync(store, "bob-mcp.example.com", "alice-mcp.example.com");

        Assert.Equal("alice", Assert.Single((await ActiveAsync(store)).Active).OwnerId);
        Assert.Equal(DomainIssue.HeldByAnother, Assert.Single(await store.ListAsync("bob", Token)).Issue);
    }

    [Fact]
    public async Task AnotherWithAProof_GetsItAtOnceWhenTheFirstHasNone()
    {
        var store = Open();
        await AddAsync(store, "alice");
        await JudgeAsync(store, "alice-mcp.example.com");
        await AddAsync(store, "bob");

        await JudgeAsync(store, "bob-mcp.example.com");

        Assert.Equal("bob", Assert.Single((await ActiveAsync(store)).Active).OwnerId);
        var lost = Assert.Single(await store.ListAsync("alice", Token));
        Assert.Equal((false, DomainIssue.ProvedByAnother), (lost.IsActive, lost.Issue));
    }

    [Fact]
    public async Task TwoProofsForADomainThatNobodyHas_FirstClaimWins()
    {
        var store = Open();
        await AddAsync(store, "zoe");
        PassTime(TimeSpan.FromSeconds(1));
        await AddAsync(store, "alice");

        await JudgeAsync(store, "alice-mcp.example.com", "zoe-mcp.example.com");

        Assert.Equal("zoe", Assert.Single((await ActiveAsync(store)).Active).OwnerId);
    }

    [Fact]
    public async Task RemovedClaim_IsGoneForItsOwnerAlone()
    {
        var store = Open();
        await AddAsync(store, "alice");
        await AddAsync(store, "bob");
        await JudgeAsync(store, "alice-mcp.example.com");

        Assert.False(await store.RemoveAsync("carol", Domain, Token));
        Assert.True(await store.RemoveAsync("alice", Domain, Token));
        Assert.False(await store.RemoveAsync("alice", Domain, Token));

        Assert.Empty((await ActiveAsync(store)).Active);
        Assert.Empty(await store.ListAsync("alice", Token));
        Assert.Single(await store.ListAsync("bob", Token));
    }

    [Fact]
    public async Task Bounds_AreForOneOwnerAndForAll()
    {
        var store = Open();
        foreach (var number in Enumerable.Range(0, 3))
        {
            Assert.Equal(DomainOutcome.Noted, await AddAsync(store, "alice", $"a{number}.example.com"));
        }

        Assert.Equal(DomainOutcome.TooManyOwn, await AddAsync(store, "alice", "a3.example.com"));
        Assert.Equal(DomainOutcome.Noted, await AddAsync(store, "alice", "a0.example.com"));
        await AddAsync(store, "bob", "b0.example.com");
        await AddAsync(store, "bob", "b1.example.com");
        Assert.Equal(DomainOutcome.TooMany, await AddAsync(store, "carol", "c.example.com"));
        await store.RemoveAsync("bob", "b0.example.com", Token);
        Assert.Equal(DomainOutcome.Noted, await AddAsync(store, "carol", "c.example.com"));
    }

    [Fact]
    public async Task Room_IsFoundWithoutTakingIt()
    {
        var store = Open();
        foreach (var number in Enumerable.Range(0, 3))
        {
            Assert.Equal(DomainOutcome.Noted, await FindRoomAsync(store, "alice", $"a{number}.example.com"));
            await AddAsync(store, "alice", $"a{number}.example.com");
        }

        Assert.Equal(DomainOutcome.TooManyOwn, await FindRoomAsync(store, "alice", "a3.example.com"));
        Assert.Equal(DomainOutcome.Noted, await FindRoomAsync(store, "alice", "a0.example.com"));
        await AddAsync(store, "bob", "b0.example.com");
        Assert.Equal(DomainOutcome.Noted, await FindRoomAsync(store, "carol", "c.example.com"));
        await AddAsync(store, "bob", "b1.example.com");
        Assert.Equal(DomainOutcome.TooMany, await FindRoomAsync(store, "carol", "c.example.com"));
        Assert.Empty(await store.ListAsync("carol", Token));
    }

    [Fact]
    public async Task ClaimWithoutAProof_IsForgotten()
    {
        var store = Open();
        await AddAsync(store, "alice");
        await AddAsync(store, "bob");
        await JudgeAsync(store, "alice-mcp.example.com");

        PassTime(IDomainStore.KeepUnproved);

        Assert.Empty(await store.ListAsync("bob", Token));
        Assert.False(await store.RemoveAsync("bob", Domain, Token));
        await AddAsync(store, "dave", "d.example.com");
        PassTime(IDomainStore.KeepUnproved);
        Assert.Equal(2, await store.ExpireAsync(10, Token));
        Assert.Equal(0, await store.ExpireAsync(10, Token));
        Assert.Single(await store.ListAsync("alice", Token));
    }

    [Fact]
    public async Task ClaimThatExpired_CanBeMadeAnew()
    {
        var store = Open();
        await AddAsync(store, "alice");
        PassTime(IDomainStore.KeepUnproved);

        await store.AddAsync(Claim("alice") with { Challenge = "fresh" }, s_bounds, Token);

        Assert.Equal("fresh", Assert.Single(await store.ListAsync("alice", Token)).Challenge);
    }

    [Fact]
    public async Task Domains_AreDueAtOnceAndThenInTheirTime()
    {
        var store = Open();
        await AddAsync(store, "alice");
        await AddAsync(store, "bob");
        await AddAsync(store, "alice", "other.example.com");

        Assert.Equal(
            [Domain, "other.example.com"],
            (await store.TakeDueAsync(10, Token)).Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        Assert.Empty(await store.TakeDueAsync(10, Token));
        await store.RemoveAsync("bob", Domain, Token);
        await JudgeAsync(store, "alice-mcp.example.com");
        PassTime(TimeSpan.FromMinutes(2));
        Assert.Equal("other.example.com", Assert.Single(await store.TakeDueAsync(10, Token)));
        PassTime(s_pace.Settled);
        Assert.Contains(Domain, await store.TakeDueAsync(10, Token), StringComparer.Ordinal);
        await JudgeAsync(store);
        PassTime(s_pace.Unsettled);
        Assert.Contains(Domain, await store.TakeDueAsync(10, Token), StringComparer.Ordinal);
    }

    [Fact]
    public async Task NothingNew_IsTheSameSnapshot()
    {
        var store = Open();
        await AddAsync(store, "alice");
        await JudgeAsync(store, "alice-mcp.example.com");
        var first = await ActiveAsync(store);

        await JudgeAsync(store, "alice-mcp.example.com");
        Assert.Same(first, await store.ReadActiveAsync(first, Token));

        await store.RemoveAsync("alice", Domain, Token);
        Assert.NotSame(first, await store.ReadActiveAsync(first, Token));
    }

    [Fact]
    public async Task DomainThatNobodyClaims_CanBeJudged()
    {
        var store = Open();

        await JudgeAsync(store, "alice-mcp.example.com");

        Assert.Empty((await ActiveAsync(store)).Active);
    }

    private protected abstract DateTimeOffset Now { get; }

    private protected abstract IDomainStore Open();

    private protected abstract void PassTime(TimeSpan time);

    private static DomainClaim Claim(string owner, string domain = Domain) =>
        new()
        {
            Domain = domain,
            OwnerId = owner,
            Name = "otter",
            Challenge = $"{owner}-{domain}",
        };

    private static ValueTask<DomainOutcome> AddAsync(IDomainStore store, string owner, string domain = Domain) =>
        store.AddAsync(Claim(owner, domain), s_bounds, Token);

    private static ValueTask<DomainOutcome> FindRoomAsync(IDomainStore store, string owner, string domain) =>
        store.FindRoomAsync(owner, domain, s_bounds, Token);

    private static ValueTask JudgeAsync(IDomainStore store, params string[] found) => store.JudgeAsync(Domain, found, s_pace, Token);

    private static ValueTask<DomainSnapshot> ActiveAsync(IDomainStore store) => store.ReadActiveAsync(DomainSnapshot.Nothing, Token);
}
