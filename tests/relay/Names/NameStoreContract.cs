using System.Collections.Concurrent;
using Tunnel.Relay.Names;
using Xunit;

namespace Tunnel.Relay.Tests.Names;

/// <summary>What every name store promises. A second implementation is tested by one more subclass.</summary>
public abstract class NameStoreContract
{
    private const int Rounds = 30;
    private const int Claimants = 6;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstClaim_GetsANewValidName()
    {
        var claim = await Open().ClaimAsync("owner", "project", wanted: null, Token);

        Assert.Equal(claim.Name, NameRules.Normalize(claim.Name));
        Assert.Equal(1, claim.Generation);
    }

    [Fact]
    public async Task SameProjectAfterReopening_GetsTheSameName()
    {
        var first = await Open().ClaimAsync("owner", "project", wanted: null, Token);

        var second = await Open().ClaimAsync("owner", "project", wanted: null, Token);

        Assert.Equal(first.Name, second.Name);
    }

    [Fact]
    public async Task EveryGrant_RaisesTheGeneration()
    {
        var store = Open();
        List<long?> generations = [];

        for (var count = 0; count < 4; count++)
        {
            generations.Add((await store.ClaimAsync("owner", "project", count % 2 == 0 ? "otter" : null, Token)).Generation);
        }

        Assert.Equal([1, 2, 3, 4], generations);
    }

    [Fact]
    public async Task NameOfAnotherOwner_IsRefusedAndNotTouched()
    {
        var store = Open();
        await store.ClaimAsync("owner", "project", "otter", Token);

        var refused = await store.ClaimAsync("other", "project", "otter", Token);

        Assert.Equal(new NameClaim("otter", Generation: null), refused);
        Assert.Equal(new NameClaim("otter", 2), await store.ClaimAsync("owner", "project", wanted: null, Token));
    }

    [Fact]
    public async Task RefusedClaim_GivesTheProjectNoName()
    {
        var store = Open();
        await store.ClaimAsync("owner", "project", "otter", Token);
        await store.ClaimAsync("other", "project", "otter", Token);

        var own = await store.ClaimAsync("other", "project", wanted: null, Token);

        Assert.NotEqual("otter", own.Name, StringComparer.Ordinal);
    }

    [Fact]
    public async Task ExplicitName_IsTheOneOfTheProjectFromThenOn()
    {
        var store = Open();
        await store.ClaimAsync("owner", "project", "otter", Token);

        var claim = await store.ClaimAsync("owner", "project", wanted: null, Token);

        Assert.Equal("otter", claim.Name);
    }

    [Fact]
    public async Task ExplicitNameUsedLast_IsTheOneOfTheProject()
    {
        var store = Open();
        await store.ClaimAsync("owner", "project", "first", Token);
        PassTime();
        await store.ClaimAsync("owner", "project", "second", Token);

        var claim = await store.ClaimAsync("owner", "project", wanted: null, Token);

        Assert.Equal("second", claim.Name);
    }

    [Fact]
    public async Task TwoProjects_GetTwoNames()
    {
        var store = Open();

        var one = await store.ClaimAsync("owner", "one", wanted: null, Token);
        var two = await store.ClaimAsync("owner", "two", wanted: null, Token);

        Assert.NotEqual(one.Name, two.Name, StringComparer.Ordinal);
        Assert.Equal(one.Name, (await store.ClaimAsync("owner", "one", wanted: null, Token)).Name);
    }

    [Fact]
    public async Task SameProjectOfTwoOwners_GetsTwoNames()
    {
        var store = Open();

        var one = await store.ClaimAsync("one", "project", wanted: null, Token);
        var two = await store.ClaimAsync("two", "project", wanted: null, Token);

        Assert.NotEqual(one.Name, two.Name, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Find_TellsWhoOwnsTheName()
    {
        var store = Open();
        await store.ClaimAsync("owner", "project", "otter", Token);

        Assert.Equal("owner", (await store.FindAsync("otter", Token))?.OwnerId);
        Assert.Equal("owner", (await Open().FindAsync("otter", Token))?.OwnerId);
        Assert.Null(await store.FindAsync("badger", Token));
    }

    [Fact]
    public async Task ParallelClaimsOfOneName_HaveOneOwnerAndNoGenerationTwice()
    {
        INameStore[] stores = [Open(), Open(), Open()];
        var granted = new ConcurrentBag<(string Owner, long Generation)>();

        await ClaimInParallelAsync(
            async (_, claimant) =>
            {
                var owner = $"owner-{claimant}";
                var claim = await stores[claimant % stores.Length].ClaimAsync(owner, "project", "otter", Token);
                if (claim.Generation is { } generation)
                {
                    granted.Add((owner, generation));
                }
            }
        );

        Assert.Single(granted.Select(grant => grant.Owner).Distinct(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(1, Rounds).Select(generation => (long)generation), granted.Select(grant => grant.Generation).Order());
    }

    [Fact]
    public async Task ParallelFirstClaims_NeverGiveOneNameToTwoOwnersOrOneProjectTwoNames()
    {
        INameStore[] stores = [Open(), Open(), Open()];
        var granted = new ConcurrentBag<(string Owner, NameClaim Claim)>();

        await ClaimInParallelAsync(
            async (round, claimant) =>
            {
                var owner = $"owner-{round}-{claimant % 2}";
                granted.Add((owner, await stores[claimant % stores.Length].ClaimAsync(owner, "project", wanted: null, Token)));
            }
        );

        Assert.All(
            granted.GroupBy(grant => grant.Claim.Name, StringComparer.Ordinal),
            byName => Assert.Single(byName.Select(grant => grant.Owner).Distinct(StringComparer.Ordinal))
        );
        Assert.All(
            granted.GroupBy(grant => grant.Owner, StringComparer.Ordinal),
            byOwner =>
            {
                Assert.Single(byOwner.Select(grant => grant.Claim.Name).Distinct(StringComparer.Ordinal));
                Assert.Equal([1, 2, 3], byOwner.Select(grant => grant.Claim.Generation).Order());
            }
        );
    }

    /// <summary>One more instance over the same data, as after a restart or on a second relay.</summary>
    private protected abstract INameStore Open();

    /// <summary>Makes sure that what comes is later than what was.</summary>
    private protected abstract void PassTime();

    /// <summary>Rounds of claims that all start at once.</summary>
    private static async Task ClaimInParallelAsync(Func<int, int, Task> claim)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var number = round;
            await Task.WhenAll(Enumerable.Range(0, Claimants).Select(claimant => Task.Run(() => claim(number, claimant), Token)));
        }
    }
}
