using System.Collections.Concurrent;
using Tunnel.Relay.Names;
using Tunnel.Relay.Tests.State;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Names;

/// <summary>
/// Many writers at once, over several instances of one store. Whatever the order turns out to be: a name never has two owners, its generation
/// only grows, and cleaning up what is old never touches what is newer.
/// </summary>
public abstract class NameStoreInterleavings
{
    private const int Owners = 6;
    private const int Steps = 150;
    private const int Rounds = 25;

    private static readonly TimeSpan s_keep = TimeSpan.FromHours(1);
    private static readonly string[] s_names = ["otter", "badger", "heron"];

    private readonly ConcurrentQueue<string> _violations = new();
    private readonly OperationCounts _done = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 2 * TestLimits.DefaultMilliseconds)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RandomClaimsRenewalsAndReleases_KeepEveryPromise(int seed)
    {
        INameStore[] stores = [Open(), Open(), Open()];
        var holders = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var generations = new ConcurrentDictionary<long, string>();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var cleaning = CleanUntilAsync(stores[0], _done, done.Token);
        await Task.WhenAll(
            Enumerable
                .Range(0, Owners)
                .Select(number =>
                    Task.Run(
                        () =>
                            new Claimant(
                                $"owner-{number}",
                                stores[number % stores.Length],
                                new Random(seed * 100 + number),
                                holders,
                                generations,
                                _violations,
                                _done
                            ).RunAsync(),
                        Token
                    )
                )
        );
        await done.CancelAsync();
        await cleaning;

        _done.Tell();
        Assert.Empty(_violations);
        Assert.NotEmpty(generations);
        Assert.True(_done["takeovers"] > 0);
    }

    [Fact(Timeout = 2 * TestLimits.DefaultMilliseconds)]
    public async Task ExpiryWhileOthersClaim_GivesTheNameToOneAndNeverTakesItBack()
    {
        INameStore[] stores = [Open(), Open(), Open()];
        long newest = 0;

        for (var round = 0; round < Rounds; round++)
        {
            var first = await ClaimAsync(stores[0], "first", "otter");
            Assert.True(first.Generation > newest);
            PassTime(s_keep);

            var sweeps = Enumerable
                .Range(0, 3)
                .Select(number => Task.Run(async () => await stores[number].ExpireAsync(10, Token), Token))
                .ToArray();
            var renewal = Task.Run(async () => await stores[1].RenewAsync([new("otter", "first", first.Generation)], Token), Token);
            var claims = Enumerable
                .Range(0, Owners)
                .Select(number =>
                    Task.Run(
                        async () => (Owner: $"owner-{number}", Claim: await ClaimAsync(stores[number % 3], $"owner-{number}", "otter")),
                        Token
                    )
                )
                .ToArray();
            await Task.WhenAll([.. sweeps, renewal, .. claims]);
            _done.Add("claims", 1 + Owners);
            _done.Add("clean-ups", sweeps.Length);
            _done.Add("renewals");

            var (owner, claim) = Assert.Single(await Task.WhenAll(claims), each => each.Claim.Outcome == ClaimOutcome.Granted);
            Assert.Equal([LeaseState.Lost], await renewal);
            Assert.True(claim.Generation > first.Generation);
            Assert.Equal(owner, (await stores[2].FindAsync("otter", Token))?.OwnerId);
            Assert.Equal([LeaseState.Held], await stores[1].RenewAsync([new("otter", owner, claim.Generation)], Token));
            newest = claim.Generation;
            Assert.True(await stores[0].ReleaseAsync(owner, "otter", Token));
            _done.Add("expiries");
            _done.Add("releases");
        }

        _done.Tell();
    }

    [Fact(Timeout = 2 * TestLimits.DefaultMilliseconds)]
    public async Task FirstClaimsOfOneProject_GetOneName()
    {
        INameStore[] stores = [Open(), Open(), Open()];
        var granted = new ConcurrentBag<(string Owner, NameClaim Claim)>();

        for (var round = 0; round < Rounds; round++)
        {
            var number = round;
            string[] candidates = [.. Enumerable.Range(0, Rounds * Owners).Select(count => $"name-{count}")];
            await Task.WhenAll(
                Enumerable
                    .Range(0, Owners)
                    .Select(claimant =>
                        Task.Run(
                            async () =>
                            {
                                var owner = $"owner-{number}-{claimant % 2}";
                                var claim = await ClaimAsync(stores[claimant % stores.Length], owner, wanted: null, candidates);
                                granted.Add((owner, claim));
                            },
                            Token
                        )
                    )
            );
        }

        Assert.All(
            granted.GroupBy(grant => grant.Owner, StringComparer.Ordinal),
            byOwner => Assert.Single(byOwner.Select(grant => grant.Claim.Name).Distinct(StringComparer.Ordinal))
        );
        Assert.All(
            granted.GroupBy(grant => grant.Claim.Name, StringComparer.Ordinal),
            byName => Assert.Single(byName.Select(grant => grant.Owner).Distinct(StringComparer.Ordinal))
        );
        Assert.Equal(granted.Count, granted.Select(grant => grant.Claim.Generation).Distinct().Count());
    }

    [Fact(Timeout = 2 * TestLimits.DefaultMilliseconds)]
    public async Task BoundOfNames_HoldsForClaimsThatComeAtOnce()
    {
        INameStore[] stores = [Open(), Open(), Open()];
        var owner = new NameOwner("owner", KeepFor: null, MaxNames: 5);

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(number => Task.Run(async () => await stores[number % 3].ReserveAsync(owner, $"name-{number}", Token), Token))
        );

        Assert.Equal(5, outcomes.Count(outcome => outcome == ClaimOutcome.Granted));
        Assert.Equal(5, (await stores[0].ListAsync("owner", Token)).Count);
    }

    /// <summary>One more instance over the same data.</summary>
    private protected abstract INameStore Open();

    private protected abstract void PassTime(TimeSpan time);

    private static ValueTask<NameClaim> ClaimAsync(
        INameStore store,
        string owner,
        string? wanted,
        IReadOnlyList<string>? candidates = null,
        bool joins = false
    ) =>
        store.ClaimAsync(
            new NameRequest
            {
                Owner = new NameOwner(owner, s_keep, MaxNames: 1000),
                Project = "project",
                Wanted = wanted,
                Candidates = candidates ?? [],
                Joins = joins,
            },
            Token
        );

    /// <summary>What an operator's upkeep does all the time; nothing here has expired, so nothing may go.</summary>
    private static async Task CleanUntilAsync(INameStore store, OperationCounts done, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            done.Add("expiries", await store.ExpireAsync(10, Token));
            done.Add("clean-ups");
            await Task.Yield();
        }
    }

    /// <summary>One owner who does things in a random order and knows, from its own steps alone, what must be true after each.</summary>
    private sealed class Claimant(
        string owner,
        INameStore store,
        Random random,
        ConcurrentDictionary<string, string> holders,
        ConcurrentDictionary<long, string> generations,
        ConcurrentQueue<string> violations,
        OperationCounts done
    )
    {
        // Leases of the names that are this owner's now, the newest last, with their floors.
        private readonly Dictionary<string, List<NameClaim>> _leases = new(StringComparer.Ordinal);

        // Names whose newest lease asked to share.
        private readonly HashSet<string> _lastJoined = new(StringComparer.Ordinal);

        public async Task RunAsync()
        {
            for (var step = 0; step < Steps; step++)
            {
                var name = s_names[random.Next(s_names.Length)];
                switch (random.Next(10))
                {
                    case < 4:
                        await ClaimAsync(name, joins: random.Next(2) == 0);
                        break;
                    case < 7:
                        await RenewAsync(name);
                        break;
                    case < 8:
                        await store.ReserveAsync(new NameOwner(owner + "-thief", s_keep, MaxNames: 0), name, Token);
                        done.Add("reservations");
                        break;
                    default:
                        await ReleaseAsync(name);
                        break;
                }
            }

            foreach (var name in s_names)
            {
                await RenewAsync(name);
                await ReleaseAsync(name);
            }
        }

        private async Task ClaimAsync(string name, bool joins)
        {
            var claim = await NameStoreInterleavings.ClaimAsync(store, owner, name, joins: joins);
            done.Add("claims");
            if (claim.Outcome != ClaimOutcome.Granted)
            {
                done.Add("claims refused");
                Expect(
                    claim.Outcome == ClaimOutcome.OwnedByAnother && !_leases.ContainsKey(name),
                    $"{name} is refused to its owner {owner}"
                );
                return;
            }

            // Written down after the grant and crossed out before the release: two who are both written down have both been granted.
            Expect(holders.GetOrAdd(name, owner) == owner, $"{name} belongs to {owner} and to {holders.GetValueOrDefault(name)}");
            Expect(generations.TryAdd(claim.Generation, name), $"generation {claim.Generation} was given twice");
            if (!_leases.TryGetValue(name, out var leases))
            {
                leases = _leases[name] = [];
            }

            Expect(leases.Count == 0 || claim.Generation > leases[^1].Generation, $"the generation of {name} went back");
            if (leases.Count > 0)
            {
                done.Add("takeovers");
            }

            var sharesOn = joins && leases.Count > 0 && _lastJoined.Contains(name);
            Expect(claim.Floor == (sharesOn ? leases[^1].Floor : claim.Generation), $"the floor of {name} is {claim.Floor}");
            leases.Add(claim);
            _ = joins ? _lastJoined.Add(name) : _lastJoined.Remove(name);
        }

        private async Task RenewAsync(string name)
        {
            if (!_leases.TryGetValue(name, out var leases))
            {
                return;
            }

            var states = await store.RenewAsync([.. leases.Select(lease => new NameLease(name, owner, lease.Generation))], Token);
            done.Add("renewals", leases.Count);
            foreach (var (lease, state) in leases.Zip(states))
            {
                var expected = lease.Generation >= leases[^1].Floor ? LeaseState.Held : LeaseState.Replaced;
                Expect(state == expected, $"{name} of {owner} is {state} and not {expected}");
            }
        }

        private async Task ReleaseAsync(string name)
        {
            done.Add("releases");
            if (!_leases.Remove(name))
            {
                Expect(!await store.ReleaseAsync(owner, name, Token), $"{owner} released {name}, which it did not have");
                return;
            }

            holders.TryRemove(KeyValuePair.Create(name, owner));
            Expect(await store.ReleaseAsync(owner, name, Token), $"{owner} had lost {name}");
        }

        private void Expect(bool isTrue, string otherwise)
        {
            if (!isTrue)
            {
                violations.Enqueue(otherwise);
            }
        }
    }
}
