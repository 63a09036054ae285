using StackExchange.Redis;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Tests.State;
using Tunnel.Relay.Tests.Tunnels;
using Tunnel.Relay.Tunnels;
using Xunit;

namespace Tunnel.Relay.Tests.Cluster;

[Trait("needs", "redis")]
public sealed class RouteStoreTests(RedisServer redis) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private const string One = "http://10.0.0.1:5101";
    private const string Two = "http://10.0.0.2:5101";

    private static readonly TimeSpan s_remembered = TimeSpan.FromSeconds(10);

    private readonly RedisStores _stores = new(redis);
    private RouteStore _routes = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDatabase Database => redis.Database(_stores.Database);

    public async ValueTask InitializeAsync()
    {
        await _stores.SettleAsync();
        _routes = new RouteStore(_stores.Connect(), _stores.Time);
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task NameThatNobodyHas_HasNoRoute()
    {
        Assert.Equal(RouteState.None, (await _routes.FindAsync("otter", Token)).State);
    }

    [Fact]
    public async Task OpenName_LeadsToItsNodeForOneLease()
    {
        await _routes.KeepAsync(One, [Session(1)], Token);

        Assert.Equal([One], await NodesAsync());
        var left = await Database.KeyTimeToLiveAsync("mcpr:route:otter");
        Assert.InRange(left!.Value, TimeSpan.FromSeconds(10), RouteStore.LeaseTime);
    }

    [Fact]
    public async Task LeaseThatIsOver_CountsNoLongerWhereAnotherNodeKeepsTheName()
    {
        await _routes.KeepAsync(One, [Session(1)], Token);
        await Database.HashSetAsync("mcpr:route:otter", Two, "2 1 1000");

        Assert.Equal([One], await NodesAsync());
    }

    [Fact]
    public async Task NewerOpening_MakesAnEndOfTheOlder()
    {
        await _routes.KeepAsync(One, [Session(1)], Token);
        await _routes.KeepAsync(Two, [Session(2)], Token);
        await _routes.KeepAsync(One, [Session(1)], Token);

        Assert.Equal([Two], await NodesAsync());
    }

    [Fact]
    public async Task OpeningsThatShareAName_AreAllThere()
    {
        await _routes.KeepAsync(One, [Session(1)], Token);
        await _routes.KeepAsync(Two, [Session(2, floor: 1)], Token);

        Assert.Equal([Two, One], await NodesAsync());
    }

    [Fact]
    public async Task ClosedName_IsAwayForAMoment()
    {
        await _routes.KeepAsync(One, [Session(1)], Token);

        await _routes.DropAsync(One, Session(1), s_remembered, Token);

        Assert.Equal(RouteState.Away, (await _routes.FindAsync("otter", Token)).State);
        Assert.InRange((await Database.KeyTimeToLiveAsync("mcpr:away:otter"))!.Value, TimeSpan.Zero, s_remembered);
    }

    [Fact]
    public async Task NameClosedForGood_IsNowhere()
    {
        await _routes.KeepAsync(One, [Session(1)], Token);

        await _routes.DropAsync(One, Session(1), TimeSpan.Zero, Token);

        Assert.Equal(RouteState.None, (await _routes.FindAsync("otter", Token)).State);
    }

    [Fact]
    public async Task LateEndOfAnOlderOpening_LeavesTheNewer()
    {
        await _routes.KeepAsync(One, [Session(2)], Token);

        await _routes.DropAsync(One, Session(1), s_remembered, Token);

        Assert.Equal([One], await NodesAsync());
    }

    [Fact]
    public async Task StoreThatMayHaveLostIt_SaysSo()
    {
        await Database.KeyDeleteAsync("mcpr:run");

        Assert.Equal(RouteState.Unknown, (await _routes.FindAsync("otter", Token)).State);
    }

    [Fact]
    public async Task Nodes_GetToKnowEachOther()
    {
        var one = new NodeState(One, "https://node-1.example.com", 12);
        var two = new NodeState(Two, Url: null, 0);
        await _routes.AttendAsync(one, Token);

        Assert.Equal([one, two], (await _routes.AttendAsync(two, Token)).OrderBy(node => node.Address, StringComparer.Ordinal));
    }

    [Fact]
    public async Task NodeOfWhichNothingIsKnown_IsThereAllTheSame()
    {
        await _routes.AttendAsync(new NodeState(One, "https://node-1.example.com", 12), Token);
        await Database.KeyDeleteAsync("mcpr:node:" + One);

        Assert.Contains(new NodeState(One, Url: null, 0), await _routes.AttendAsync(new NodeState(Two, Url: null, 0), Token));
    }

    private static TunnelSession Session(long generation, long? floor = null) =>
        new(Sessions.Terms(generation: generation) with { Floor = floor ?? generation });

    private async Task<IReadOnlyList<string>> NodesAsync() => (await _routes.FindAsync("otter", Token)).Nodes;
}
