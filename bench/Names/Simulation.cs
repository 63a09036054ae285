using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Names;
using Tunnel.Relay.State.Redis;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Bench.Names;

/// <summary>The life of a cluster as its Redis sees it: names are claimed, open ones renewed, visitors' names looked up, and relays leave.</summary>
internal sealed class Simulation(RedisUnderTest redis, int names, int routes, int nodes)
{
    /// <summary>As many as a relay renews in one step.</summary>
    private const int BatchSize = 500;

    /// <summary>How long a name without a token is kept.</summary>
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(30);

    private readonly TunnelSession[] _sessions = new TunnelSession[routes];

    public async Task RunAsync(int lookups, CancellationToken cancellationToken)
    {
        await using var connection = new RedisConnection(new RelayOptions { RedisUrl = redis.Url });
        var store = new RedisNameStore(connection, TimeProvider.System);
        var leases = new RouteStore(connection, TimeProvider.System);
        Say("", $"{names:#,0} names, {routes:#,0} routes on {nodes} relays; Redis settles first");
        await SettleAsync(store, cancellationToken);

        var empty = await redis.UsedMemoryAsync(cancellationToken);
        await MeasureAsync(
            "first claims",
            () => Pace.OfAsync(names, number => ClaimAsync(store, number, cancellationToken), cancellationToken)
        );
        var claimed = await redis.UsedMemoryAsync(cancellationToken);
        Say("memory of names", $"{(claimed - empty) / (double)names:0} bytes each, {(claimed - empty) / 1048576.0:0} MiB");

        await MeasureAsync("routes, first round, in batches", () => KeepAsync(leases, cancellationToken));
        var routed = await redis.UsedMemoryAsync(cancellationToken);
        Say("memory of routes", $"{(routed - claimed) / (double)routes:0} bytes each, {(routed - claimed) / 1048576.0:0} MiB");

        await MeasureAsync("names renewed, a round, in batches", () => RenewAsync(store, cancellationToken));
        await MeasureAsync("routes renewed, a round, in batches", () => KeepAsync(leases, cancellationToken));
        await MeasureAsync(
            "look-ups",
            () =>
                Pace.OfAsync(
                    lookups,
                    _ => leases.FindAsync(NameOf(RandomNumberGenerator.GetInt32(names)), cancellationToken),
                    cancellationToken
                )
        );
        await LookUpWhileRenewingAsync(store, leases, lookups, cancellationToken);
        await LeaveAsync(store, leases, cancellationToken);
        await DieAsync(leases, cancellationToken);
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"quiet-harbour-{number}");

    private static NameOwner OwnerOf(int number) =>
        new($"anon:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(NameOf(number))))}", s_keep, MaxNames: 50);

    private string NodeOf(int number) => string.Create(CultureInfo.InvariantCulture, $"http://10.0.0.{number % nodes + 1}:5101");

    /// <summary>A store that begins gives nothing away at first.</summary>
    private static async Task SettleAsync(RedisNameStore store, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await store.ReserveAsync(OwnerOf(-1), "settled", cancellationToken);
                return;
            }
            catch (NameStoreUnavailableException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task ClaimAsync(RedisNameStore store, int number, CancellationToken cancellationToken)
    {
        var request = new NameRequest
        {
            Owner = OwnerOf(number),
            Project = "fmSkFWjD4yTTzjT6fLwS4Q",
            Candidates = [NameOf(number)],
        };
        var claim = await store.ClaimAsync(request, cancellationToken);
        if (claim.Outcome != ClaimOutcome.Granted || claim.Name != NameOf(number))
        {
            throw new InvalidOperationException($"{NameOf(number)}: {claim}");
        }

        if (number < routes)
        {
            _sessions[number] = new TunnelSession(
                new SessionTerms
                {
                    Name = claim.Name,
                    Owner = IdentityOf(request.Owner),
                    Generation = claim.Generation,
                    Floor = claim.Floor,
                    Project = request.Project,
                    ControlConnectionId = string.Empty,
                    MaxDataConnections = 2,
                }
            );
        }
    }

    private static ConnectorIdentity IdentityOf(NameOwner owner) =>
        new()
        {
            OwnerId = owner.Id,
            Credential = Credential.Parse("mcpra_" + new string('A', 43))!,
            MaxTunnels = 20,
            MaxNames = owner.MaxNames,
            KeepNamesFor = owner.KeepFor,
        };

    /// <summary>Every relay renews what it has in batches, one after the other; the relays do so at the same time.</summary>
    private Task<PaceResult> BatchesAsync(Func<string, TunnelSession[], Task> run, CancellationToken cancellationToken)
    {
        var batches = _sessions
            .Select((session, number) => (Node: NodeOf(number), session))
            .GroupBy(route => route.Node, StringComparer.Ordinal)
            .SelectMany(node => node.Select(route => route.session).Chunk(BatchSize).Select(batch => (Node: node.Key, Batch: batch)))
            .ToList();
        return Pace.OfAsync(batches.Count, number => run(batches[number].Node, batches[number].Batch), cancellationToken, nodes);
    }

    private Task<PaceResult> RenewAsync(RedisNameStore store, CancellationToken cancellationToken) =>
        BatchesAsync(
            async (_, batch) =>
            {
                var states = await store.RenewAsync([.. batch.Select(session => session.Lease)], cancellationToken);
                if (states.Any(state => state != LeaseState.Held))
                {
                    throw new InvalidOperationException("a lease was lost");
                }
            },
            cancellationToken
        );

    private Task<PaceResult> KeepAsync(RouteStore leases, CancellationToken cancellationToken) =>
        BatchesAsync((node, batch) => leases.KeepAsync(node, batch, cancellationToken), cancellationToken);

    /// <summary>What visitors wait for while all relays renew everything every five seconds, as they do.</summary>
    private async Task LookUpWhileRenewingAsync(RedisNameStore store, RouteStore leases, int lookups, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var rounds = 0;
        var upkeep = RepeatAsync();
        await MeasureAsync(
            "look-ups while all is renewed",
            () =>
                Pace.OfAsync(
                    lookups,
                    _ => leases.FindAsync(NameOf(RandomNumberGenerator.GetInt32(names)), cancellationToken),
                    cancellationToken
                )
        );
        await over.CancelAsync();
        await upkeep;
        Say("", $"meanwhile {rounds} rounds of renewal were done");

        async Task RepeatAsync()
        {
            while (!over.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                await RenewAsync(store, cancellationToken);
                await KeepAsync(leases, cancellationToken);
                rounds++;
                var rest = NameUpkeep.RenewEvery - Stopwatch.GetElapsedTime(began);
                if (rest > TimeSpan.Zero)
                {
                    await Task.WhenAny(Task.Delay(rest, TimeProvider.System, over.Token));
                }
            }
        }
    }

    /// <summary>A relay says of each of its routes that it ends, and their connectors open them on the others.</summary>
    private async Task LeaveAsync(RedisNameStore store, RouteStore leases, CancellationToken cancellationToken)
    {
        var numbers = Enumerable.Range(0, routes).Where(number => number % nodes == 0).ToList();
        var hold = new RelayOptions().Hold;
        await MeasureAsync(
            "a relay leaves: routes ended",
            () =>
                Pace.OfAsync(
                    numbers.Count,
                    index => leases.DropAsync(NodeOf(0), _sessions[numbers[index]], hold, cancellationToken),
                    cancellationToken
                )
        );
        await MeasureAsync(
            "a relay leaves: tunnels opened elsewhere",
            () =>
                Pace.OfAsync(
                    numbers.Count,
                    async index =>
                    {
                        await ClaimAsync(store, numbers[index], cancellationToken);
                        await leases.KeepAsync(
                            NodeOf(numbers[index] + 1 + index % (nodes - 1)),
                            [_sessions[numbers[index]]],
                            cancellationToken
                        );
                    },
                    cancellationToken
                )
        );
    }

    /// <summary>A relay is gone without a word: how long its routes still lead there.</summary>
    private async Task DieAsync(RouteStore leases, CancellationToken cancellationToken)
    {
        await KeepAsync(leases, cancellationToken);
        var died = Stopwatch.GetTimestamp();
        while ((await leases.FindAsync(NameOf(1), cancellationToken)).State == RouteState.Open)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }

        Say("a relay dies: last route gone after", $"{Stopwatch.GetElapsedTime(died).TotalSeconds:0.0} s");
    }

    private async Task MeasureAsync(string what, Func<Task<PaceResult>> run)
    {
        var before = redis.ProcessorSeconds;
        var result = await run();
        Say(what, $"{result}; Redis used {redis.ProcessorSeconds - before:0.00} s of a processor");
    }

    private static void Say(string what, FormattableString text) =>
        Console.WriteLine($"{what, -40} {text.ToString(CultureInfo.InvariantCulture)}");
}
