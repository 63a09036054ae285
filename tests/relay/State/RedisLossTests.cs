using System.Diagnostics;
using Tunnel.Relay.Names;
using Tunnel.Relay.State.Redis;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.State;

/// <summary>Redis goes away, comes back, and has forgotten everything.</summary>
[Trait("needs", "redis")]
public sealed class RedisLossTests : IAsyncLifetime
{
    private readonly RedisServer _server = new();
    private RedisStores _stores = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _stores = new RedisStores(_server);
        await _stores.SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NamesThatWereLost_AreTheirOwnersAgainAndNobodyElses()
    {
        var alices = _stores.OpenNames();
        var bobs = _stores.OpenNames();
        var open = await ClaimAsync(alices, "alice", "otter");

        await _server.KillAsync();
        await _server.StartAsync();
        await RefusedAsync(() => ClaimAsync(bobs, "bob", "otter"));
        await RefusedAsync(() => ClaimAsync(alices, "alice", wanted: null, "heron"));
        var renewed = await WhenBackAsync(() => alices.RenewAsync([LeaseOf("alice", open)], Token));
        await _stores.SettleAsync();

        Assert.Equal([LeaseState.Held], renewed);
        Assert.Equal(ClaimOutcome.OwnedByAnother, (await WhenBackAsync(() => ClaimAsync(bobs, "bob", "otter"))).Outcome);
        var again = await ClaimAsync(alices, "alice", wanted: null, "heron");
        Assert.Equal("otter", again.Name);
        Assert.True(again.Generation > open.Generation);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StoreFromAnHourAgo_BelievesTheNewerLease()
    {
        var store = _stores.OpenNames();
        var old = await ClaimAsync(store, "bob", "otter");
        await store.ReleaseAsync("bob", "otter", Token);
        var open = await ClaimAsync(store, "alice", "otter");

        // What a copy of then would bring back.
        await store.ReleaseAsync("alice", "otter", Token);
        await ForgetRunAsync();
        await store.RenewAsync([LeaseOf("bob", old)], Token);
        var renewed = await store.RenewAsync([LeaseOf("alice", open), LeaseOf("bob", old)], Token);

        Assert.Equal([LeaseState.Held, LeaseState.Lost], renewed);
        Assert.Equal("alice", (await store.FindAsync("otter", Token))?.OwnerId);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LeaseThatWasReplaced_StaysSoAfterALoss()
    {
        var store = _stores.OpenNames();
        var older = await ClaimAsync(store, "alice", "otter");
        var newer = await ClaimAsync(store, "alice", "otter");
        await _server.Database(_stores.Database).ExecuteAsync("FLUSHDB");

        await store.RenewAsync([LeaseOf("alice", older)], Token);
        await store.RenewAsync([LeaseOf("alice", newer)], Token);

        Assert.Equal([LeaseState.Replaced], await store.RenewAsync([LeaseOf("alice", older)], Token));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WhileItIsGone_EveryOperationFailsSoonAndLaterSucceeds()
    {
        var store = _stores.OpenNames();
        await ClaimAsync(store, "alice", "otter");

        await _server.KillAsync();
        var waited = Stopwatch.StartNew();
        await Assert.ThrowsAsync<NameStoreUnavailableException>(async () => await ClaimAsync(store, "alice", "otter"));
        await Assert.ThrowsAsync<NameStoreUnavailableException>(async () => await store.FindAsync("otter", Token));

        Assert.True(waited.Elapsed < (2 * RedisConnection.AnswerLimit) + TimeSpan.FromSeconds(1), $"it took {waited.Elapsed}");
        await _server.StartAsync();
        await WhenBackAsync(async () => await store.FindAsync("otter", Token));
        await _stores.SettleAsync();
        Assert.Equal(ClaimOutcome.Granted, (await ClaimAsync(store, "alice", "otter")).Outcome);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerThatAnswersNothing_IsNotWaitedForForLong()
    {
        var store = _stores.OpenNames();
        await ClaimAsync(store, "alice", "otter");

        await _server.PauseAsync(2 * RedisConnection.AnswerLimit);
        var waited = Stopwatch.StartNew();
        await Assert.ThrowsAsync<NameStoreUnavailableException>(async () => await store.FindAsync("otter", Token));

        Assert.True(waited.Elapsed < RedisConnection.AnswerLimit + TimeSpan.FromSeconds(1), $"it took {waited.Elapsed}");
        Assert.NotNull(await WhenBackAsync(() => store.FindAsync("otter", Token)));
    }

    private static NameLease LeaseOf(string owner, NameClaim claim) =>
        new(claim.Name, owner, claim.Generation) { Terms = new LeaseTerms("project", claim.Floor, IsShared: false, KeepFor: null) };

    private static async ValueTask<NameClaim> ClaimAsync(INameStore store, string owner, string? wanted, params string[] candidates) =>
        await store.ClaimAsync(
            new NameRequest
            {
                Owner = new NameOwner(owner, KeepFor: null, MaxNames: 10),
                Project = "project",
                Wanted = wanted,
                Candidates = candidates,
            },
            Token
        );

    private static async Task RefusedAsync(Func<ValueTask<NameClaim>> claim) =>
        await Assert.ThrowsAsync<NameStoreUnavailableException>(async () => await claim());

    private async Task ForgetRunAsync() => await _server.Database(_stores.Database).KeyDeleteAsync("mcpr:run");

    /// <summary>The store says by itself when it is back, and nobody else can: it is asked until it does.</summary>
    private static async Task<T> WhenBackAsync<T>(Func<ValueTask<T>> operation)
    {
        while (true)
        {
            try
            {
                return await operation();
            }
            catch (NameStoreUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
            }
        }
    }
}
