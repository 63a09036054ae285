using Tunnel.Relay.Names;
using Xunit;

namespace Tunnel.Relay.Tests.Names;

/// <summary>
/// What every name store promises to one caller at a time; <see cref="NameStoreInterleavings"/> has what it promises to many at once.
/// A further implementation is tested by one more subclass of each.
/// </summary>
public abstract class NameStoreContract
{
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProjectWithoutAName_GetsTheFirstCandidateThatIsFree()
    {
        var store = Open();
        await ClaimAsync(store, "other", wanted: "one");
        await store.BanAsync("two", "test", Token);

        var claim = await ClaimAsync(store, "owner", candidates: ["one", "two", "three", "four"]);

        Assert.Equal((ClaimOutcome.Granted, "three"), (claim.Outcome, claim.Name));
    }

    [Fact]
    public async Task NoFreeCandidate_IsSaid()
    {
        var store = Open();
        await ClaimAsync(store, "other", wanted: "one");

        Assert.Equal(ClaimOutcome.NoneFree, (await ClaimAsync(store, "owner", candidates: ["one"])).Outcome);
        Assert.Equal(ClaimOutcome.NoneFree, (await ClaimAsync(store, "owner", candidates: [])).Outcome);
    }

    [Fact]
    public async Task SameProjectAfterReopening_GetsTheSameName()
    {
        var first = await ClaimAsync(Open(), "owner", candidates: ["one"]);

        var second = await ClaimAsync(Open(), "owner", candidates: ["two"]);

        Assert.Equal("one", first.Name);
        Assert.Equal("one", second.Name);
    }

    [Fact]
    public async Task EveryGrant_RaisesTheGeneration()
    {
        var store = Open();
        List<long> generations = [];

        for (var count = 0; count < 4; count++)
        {
            generations.Add((await ClaimAsync(store, "owner", wanted: count % 2 == 0 ? "otter" : null)).Generation);
        }

        Assert.Equal(generations.Order().Distinct(), generations);
    }

    [Fact]
    public async Task Generation_StartsAtTheTimeSoThatALostStoreDoesNotGiveOldOnes()
    {
        var claim = await ClaimAsync(Open(), "owner", wanted: "otter");

        Assert.True(claim.Generation >= Now.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task NameOfAnotherOwner_IsRefusedAndNotTouched()
    {
        var store = Open();
        var own = await ClaimAsync(store, "owner", wanted: "otter");

        var refused = await ClaimAsync(store, "other", wanted: "otter");

        Assert.Equal(new NameClaim(ClaimOutcome.OwnedByAnother, "otter"), refused);
        Assert.Equal(ClaimOutcome.OwnedByAnother, await store.ReserveAsync(Owner("other"), "otter", Token));
        Assert.Equal([LeaseState.Held], await store.RenewAsync([new("otter", "owner", own.Generation)], Token));
    }

    [Fact]
    public async Task RefusedClaim_GivesTheProjectNoName()
    {
        var store = Open();
        await ClaimAsync(store, "owner", wanted: "otter");
        await ClaimAsync(store, "other", wanted: "otter");

        Assert.Equal("own", (await ClaimAsync(store, "other", candidates: ["own"])).Name);
    }

    [Fact]
    public async Task ExplicitNameUsedLast_IsTheOneOfTheProject()
    {
        var store = Open();
        await ClaimAsync(store, "owner", wanted: "first");
        await ClaimAsync(store, "owner", wanted: "second");

        Assert.Equal("second", (await ClaimAsync(store, "owner")).Name);
    }

    [Fact]
    public async Task ProjectsAndOwners_HaveNamesOfTheirOwn()
    {
        var store = Open();
        await ClaimAsync(store, "one", project: "a", wanted: "one-a");
        await ClaimAsync(store, "one", project: "b", wanted: "one-b");
        await ClaimAsync(store, "two", project: "a", wanted: "two-a");

        Assert.Equal("one-a", (await ClaimAsync(store, "one", project: "a")).Name);
        Assert.Equal("one-b", (await ClaimAsync(store, "one", project: "b")).Name);
        Assert.Equal("two-a", (await ClaimAsync(store, "two", project: "a")).Name);
    }

    [Fact]
    public async Task OpeningAlone_EndsTheOpeningsBefore()
    {
        var store = Open();
        var first = await ClaimAsync(store, "owner", wanted: "otter");
        var second = await ClaimAsync(store, "owner", wanted: "otter");

        Assert.Equal(second.Generation, second.Floor);
        Assert.Equal([LeaseState.Replaced, LeaseState.Held], await RenewAsync(store, first, second));
    }

    [Fact]
    public async Task OpeningsThatJoin_ShareTheName()
    {
        var store = Open();
        var first = await ClaimAsync(store, "owner", wanted: "otter", joins: true);
        var second = await ClaimAsync(store, "owner", wanted: "otter", joins: true);

        Assert.Equal(first.Floor, second.Floor);
        Assert.Equal([LeaseState.Held, LeaseState.Held], await RenewAsync(store, first, second));
    }

    [Fact]
    public async Task OpeningThatJoinsOneThatDidNot_TakesOver()
    {
        var store = Open();
        var alone = await ClaimAsync(store, "owner", wanted: "otter");
        var joined = await ClaimAsync(store, "owner", wanted: "otter", joins: true);

        Assert.Equal([LeaseState.Replaced, LeaseState.Held], await RenewAsync(store, alone, joined));
    }

    [Fact]
    public async Task OpeningAloneWhereOthersShare_EndsThemAll()
    {
        var store = Open();
        var one = await ClaimAsync(store, "owner", wanted: "otter", joins: true);
        var two = await ClaimAsync(store, "owner", wanted: "otter", joins: true);
        var alone = await ClaimAsync(store, "owner", wanted: "otter");

        Assert.Equal([LeaseState.Replaced, LeaseState.Replaced, LeaseState.Held], await RenewAsync(store, one, two, alone));
    }

    [Fact]
    public async Task OpeningThatIsGood_CanBeContinued()
    {
        var store = Open();
        var alone = await ClaimAsync(store, "owner", project: "a", wanted: "otter");
        var shared = await ClaimAsync(store, "owner", project: "b", wanted: "badger", joins: true);
        await ClaimAsync(store, "owner", project: "c", wanted: "badger", joins: true);

        Assert.Equal(new OpeningState(LeaseState.Held, alone.Floor), await ContinueAsync(store, alone));
        Assert.Equal(new OpeningState(LeaseState.Held, shared.Floor), await ContinueAsync(store, shared));
        Assert.Equal([LeaseState.Held, LeaseState.Held], await RenewAsync(store, alone, shared));
    }

    [Fact]
    public async Task OpeningThatIsOver_CannotBeContinued()
    {
        var store = Open();
        var outdated = await ClaimAsync(store, "owner", wanted: "otter");
        var newest = await ClaimAsync(store, "owner", wanted: "otter");
        var banned = await ClaimAsync(store, "owner", wanted: "badger");
        await store.BanAsync("badger", "test", Token);

        Assert.Equal(new OpeningState(LeaseState.Replaced, newest.Floor), await ContinueAsync(store, outdated));
        Assert.Equal(LeaseState.Banned, (await ContinueAsync(store, banned)).State);
        Assert.Equal(LeaseState.Lost, (await ContinueAsync(store, newest, "other")).State);
        Assert.Equal(LeaseState.Lost, (await ContinueAsync(store, newest with { Generation = newest.Generation + 1 })).State);
        Assert.Equal(LeaseState.Lost, (await ContinueAsync(store, newest with { Name = "heron" })).State);
    }

    [Fact]
    public async Task Reservation_KeepsTheNameWithoutOpeningIt()
    {
        var store = Open();

        Assert.Equal(ClaimOutcome.Granted, await store.ReserveAsync(Owner("owner"), "otter", Token));

        var record = await store.FindAsync("otter", Token);
        Assert.Equal((0L, null), (record!.Generation, record.ExpiresAt));
        Assert.Equal(ClaimOutcome.OwnedByAnother, (await ClaimAsync(store, "other", wanted: "otter")).Outcome);
        Assert.Equal(ClaimOutcome.Granted, (await ClaimAsync(store, "owner", wanted: "otter")).Outcome);
    }

    [Fact]
    public async Task ReservationOfAnOpenName_ChangesNothingForItsTunnel()
    {
        var store = Open();
        var open = await ClaimAsync(store, "owner", wanted: "otter");

        await store.ReserveAsync(Owner("owner"), "otter", Token);

        Assert.Equal([LeaseState.Held], await RenewAsync(store, open));
        Assert.Equal("otter", (await ClaimAsync(store, "owner")).Name);
    }

    [Fact]
    public async Task ReleasedName_IsAnybodysAndItsTunnelOver()
    {
        var store = Open();
        var open = await ClaimAsync(store, "owner", wanted: "otter");

        Assert.True(await store.ReleaseAsync("owner", "otter", Token));

        var after = await RenewAsync(store, open);
        var next = await ClaimAsync(store, "other", wanted: "otter");
        Assert.Equal([LeaseState.Lost], after);
        Assert.Equal(ClaimOutcome.Granted, next.Outcome);
        Assert.True(next.Generation > open.Generation);
        Assert.Equal([LeaseState.Lost], await RenewAsync(store, open));
        Assert.Equal("new", (await ClaimAsync(store, "owner", candidates: ["new"])).Name);
    }

    [Fact]
    public async Task NameOfAnother_IsNotReleased()
    {
        var store = Open();
        await ClaimAsync(store, "owner", wanted: "otter");

        Assert.False(await store.ReleaseAsync("other", "otter", Token));
        Assert.False(await store.ReleaseAsync("owner", "badger", Token));
        Assert.NotNull(await store.FindAsync("otter", Token));
    }

    [Fact]
    public async Task UnusedName_IsItsOwnersUntilItExpires()
    {
        var store = Open();
        await ClaimAsync(store, "owner", wanted: "otter", keep: s_keep);

        PassTime(s_keep - TimeSpan.FromSeconds(1));
        var before = await ClaimAsync(store, "other", wanted: "otter");
        PassTime(TimeSpan.FromSeconds(1));
        var after = await ClaimAsync(store, "other", wanted: "otter");

        Assert.Equal((ClaimOutcome.OwnedByAnother, ClaimOutcome.Granted), (before.Outcome, after.Outcome));
        Assert.Equal("other", (await store.FindAsync("otter", Token))?.OwnerId);
    }

    [Fact]
    public async Task NameInUse_DoesNotExpire()
    {
        var store = Open();
        var open = await ClaimAsync(store, "owner", wanted: "otter", keep: s_keep);

        for (var days = 0; days < 90; days += 10)
        {
            PassTime(TimeSpan.FromDays(10));
            Assert.Equal([LeaseState.Held], await RenewAsync(store, open));
        }

        Assert.Equal(0, await store.ExpireAsync(10, Token));
        Assert.InRange((await store.FindAsync("otter", Token))!.UsedAt, Now - INameStore.UseIsExactTo, Now);
    }

    [Fact]
    public async Task NameWithoutATerm_NeverExpires()
    {
        var store = Open();
        await ClaimAsync(store, "owner", wanted: "otter");

        PassTime(TimeSpan.FromDays(3660));

        Assert.Equal(0, await store.ExpireAsync(10, Token));
        Assert.Equal(ClaimOutcome.OwnedByAnother, (await ClaimAsync(store, "other", wanted: "otter")).Outcome);
    }

    [Fact]
    public async Task ExpiredName_IsGoneFromEverywhereAlsoBeforeItIsCleared()
    {
        var store = Open();
        var open = await ClaimAsync(store, "owner", wanted: "otter", keep: s_keep);
        PassTime(s_keep);

        Assert.Null(await store.FindAsync("otter", Token));
        Assert.Empty(await store.ListAsync("owner", Token));
        Assert.Empty(await store.ListAllAsync(string.Empty, 10, Token));
        Assert.False(await store.ReleaseAsync("owner", "otter", Token));
        Assert.Equal([LeaseState.Lost], await RenewAsync(store, open));
        Assert.Equal("new", (await ClaimAsync(store, "owner", candidates: ["new"])).Name);
    }

    [Fact]
    public async Task Expire_ClearsWhatHasExpiredAndNothingElse()
    {
        var store = Open();
        foreach (var name in (string[])["one", "two", "three"])
        {
            await ClaimAsync(store, "owner", project: name, wanted: name, keep: s_keep);
        }

        PassTime(s_keep);
        var renewed = await ClaimAsync(store, "owner", project: "two", wanted: "two", keep: s_keep);

        Assert.Equal(1, await store.ExpireAsync(1, Token));
        Assert.Equal(1, await store.ExpireAsync(10, Token));
        Assert.Equal(0, await store.ExpireAsync(10, Token));
        Assert.Equal([LeaseState.Held], await RenewAsync(store, renewed));
    }

    [Fact]
    public async Task NamesOfAnOwner_AreBounded()
    {
        var store = Open();
        await ClaimAsync(store, "owner", wanted: "one", max: 2, keep: s_keep);
        await store.ReserveAsync(Owner("owner", max: 2), "two", Token);

        Assert.Equal(ClaimOutcome.TooManyNames, (await ClaimAsync(store, "owner", wanted: "three", max: 2)).Outcome);
        Assert.Equal(ClaimOutcome.TooManyNames, (await ClaimAsync(store, "owner", project: "p", candidates: ["three"], max: 2)).Outcome);
        Assert.Equal(ClaimOutcome.TooManyNames, await store.ReserveAsync(Owner("owner", max: 2), "three", Token));
        Assert.Equal(ClaimOutcome.Granted, (await ClaimAsync(store, "owner", wanted: "two", max: 2)).Outcome);
        Assert.Equal(ClaimOutcome.Granted, (await ClaimAsync(store, "other", wanted: "three", max: 2)).Outcome);

        PassTime(s_keep);
        Assert.Equal(ClaimOutcome.Granted, (await ClaimAsync(store, "owner", wanted: "four", max: 2)).Outcome);
    }

    [Fact]
    public async Task BannedName_IsNobodysButStaysItsOwners()
    {
        var store = Open();
        var open = await ClaimAsync(store, "owner", wanted: "otter");

        await store.BanAsync("otter", "phishing", Token);

        Assert.Equal([LeaseState.Banned], await RenewAsync(store, open));
        Assert.Equal(ClaimOutcome.Banned, (await ClaimAsync(store, "owner", wanted: "otter")).Outcome);
        Assert.Equal(ClaimOutcome.Banned, (await ClaimAsync(store, "other", wanted: "otter")).Outcome);
        Assert.Equal(ClaimOutcome.Banned, await store.ReserveAsync(Owner("other"), "otter", Token));
        Assert.Equal([("otter", "phishing")], (await store.ListBansAsync(Token)).Select(ban => (ban.Name, ban.Reason)));

        Assert.True(await store.UnbanAsync("otter", Token));
        Assert.False(await store.UnbanAsync("otter", Token));
        Assert.Equal([LeaseState.Held], await RenewAsync(store, open));
        Assert.Equal(ClaimOutcome.OwnedByAnother, (await ClaimAsync(store, "other", wanted: "otter")).Outcome);
    }

    [Fact]
    public async Task SecondBan_ChangesTheReason()
    {
        var store = Open();
        await store.BanAsync("otter", "one", Token);
        await store.BanAsync("otter", "two", Token);

        Assert.Equal("two", Assert.Single(await store.ListBansAsync(Token)).Reason);
    }

    [Fact]
    public async Task Renewal_OfMany_AnswersInTheirOrder()
    {
        var store = Open();
        var otter = await ClaimAsync(store, "owner", wanted: "otter");

        var states = await store.RenewAsync(
            [
                new("badger", "owner", 1),
                new("otter", "owner", otter.Generation),
                new("otter", "other", otter.Generation),
                new("otter", "owner", long.MaxValue),
            ],
            Token
        );

        Assert.Equal([LeaseState.Lost, LeaseState.Held, LeaseState.Lost, LeaseState.Lost], states);
        Assert.Empty(await store.RenewAsync([], Token));
    }

    [Fact]
    public async Task Lists_AreByNameAndPaged()
    {
        var store = Open();
        foreach (var name in (string[])["delta", "alpha", "charlie", "bravo"])
        {
            await ClaimAsync(store, name is "bravo" ? "two" : "one", project: name, wanted: name);
        }

        Assert.Equal(
            ["alpha", "charlie", "delta"],
            (await store.ListAsync("one", Token)).Select(record => record.Name),
            StringComparer.Ordinal
        );
        Assert.Equal(
            ["alpha", "bravo"],
            (await store.ListAllAsync(string.Empty, 2, Token)).Select(record => record.Name),
            StringComparer.Ordinal
        );
        Assert.Equal(
            ["charlie", "delta"],
            (await store.ListAllAsync("bravo", 9, Token)).Select(record => record.Name),
            StringComparer.Ordinal
        );
        Assert.Empty(await store.ListAllAsync("delta", 9, Token));
        Assert.Empty(await Open().ListAsync("nobody", Token));
    }

    [Fact]
    public async Task Record_TellsTheTimes()
    {
        var store = Open();
        var createdAt = Now;
        await ClaimAsync(store, "owner", wanted: "otter", keep: s_keep);
        PassTime(TimeSpan.FromDays(1));
        await ClaimAsync(store, "owner", wanted: "otter", keep: s_keep);

        var record = await Open().FindAsync("otter", Token);

        Assert.NotNull(record);
        Assert.Equal("owner", record.OwnerId);
        Assert.Equal(createdAt, record.CreatedAt, TimeSpan.FromMilliseconds(1));
        Assert.Equal(createdAt + TimeSpan.FromDays(1), record.UsedAt, TimeSpan.FromMilliseconds(1));
        Assert.Equal(record.UsedAt + s_keep, record.ExpiresAt);
        Assert.Null(await store.FindAsync("badger", Token));
    }

    /// <summary>What time it is for the store.</summary>
    private protected abstract DateTimeOffset Now { get; }

    /// <summary>One more instance over the same data, as after a restart or on a second relay.</summary>
    private protected abstract INameStore Open();

    private protected abstract void PassTime(TimeSpan time);

    private static NameOwner Owner(string id, TimeSpan? keep = null, int max = 1000) => new(id, keep, max);

    private static ValueTask<NameClaim> ClaimAsync(
        INameStore store,
        string owner,
        string project = "project",
        string? wanted = null,
        IReadOnlyList<string>? candidates = null,
        bool joins = false,
        TimeSpan? keep = null,
        int max = 1000
    ) =>
        store.ClaimAsync(
            new NameRequest
            {
                Owner = Owner(owner, keep, max),
                Project = project,
                Wanted = wanted,
                Candidates = candidates ?? [],
                Joins = joins,
            },
            Token
        );

    private static ValueTask<OpeningState> ContinueAsync(INameStore store, NameClaim claim, string owner = "owner") =>
        store.ContinueAsync(new NameLease(claim.Name, owner, claim.Generation), Token);

    private static ValueTask<IReadOnlyList<LeaseState>> RenewAsync(INameStore store, params NameClaim[] claims) =>
        store.RenewAsync([.. claims.Select(claim => new NameLease(claim.Name, "owner", claim.Generation))], Token);
}
