using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Tunnels;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Tunnels;

public sealed class TunnelRegistryTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly RelayOptions _options = new() { MaxTunnels = 2 };
    private readonly TunnelRegistry _tunnels;

    public TunnelRegistryTests()
    {
        _tunnels = new TunnelRegistry(Options.Create(_options), _time, NullLogger<TunnelRegistry>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void OpenedSession_IsFoundByItsName()
    {
        var session = Sessions.Create();

        Assert.True(_tunnels.TryOpen(session, out var replaced));

        Assert.Empty(replaced);
        Assert.Same(session, Open("otter"));
        Assert.Null(Open("badger"));
    }

    [Fact]
    public void NewerGeneration_TakesOver()
    {
        var (older, _) = Sessions.WithConnection(generation: 1, inFlight: 1);
        var newer = Sessions.Create(generation: 2);
        _tunnels.TryOpen(older, out _);

        Assert.True(_tunnels.TryOpen(newer, out var replaced));

        Assert.Same(older, Assert.Single(replaced));
        Assert.Same(newer, Open("otter"));
        Assert.Equal(ErrorCatalog.TunnelTakenOver, older.ClosingReason);
        Assert.Null(newer.ClosingReason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void GenerationThatIsNotNewer_IsRefused(long generation)
    {
        var open = Sessions.Create(generation: 2);
        _tunnels.TryOpen(open, out _);

        Assert.False(_tunnels.TryOpen(Sessions.Create(generation: generation), out _));

        Assert.Same(open, Open("otter"));
        Assert.Null(open.ClosingReason);
    }

    [Fact]
    public void ParallelTakeovers_LeaveTheNewest()
    {
        var sessions = Enumerable.Range(1, 500).Select(generation => Sessions.Create(generation: generation)).ToArray();
        new Random(4711).Shuffle(sessions);

        Parallel.ForEach(sessions, session => _tunnels.TryOpen(session, out _));

        Assert.Equal(500, Open("otter")?.Generation);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ReplacedSession_DrainsUntilItsExchangesEnd()
    {
        var (older, connection) = Sessions.WithConnection(generation: 1, inFlight: 1);
        _tunnels.TryOpen(older, out _);
        _tunnels.TryOpen(Sessions.Create(generation: 2), out _);
        var usableWhileDraining = connection.IsUsable;

        older.Return(connection);
        await connection.Closed.WaitAsync(Token);

        Assert.True(usableWhileDraining);
    }

    [Fact]
    public void ClosedSession_IsGone()
    {
        var session = Sessions.Create();
        _tunnels.TryOpen(session, out _);

        _tunnels.Close(session, "test");

        Assert.Null(Open("otter"));
        Assert.Equal(ErrorCatalog.TunnelOffline, session.ClosingReason);
    }

    [Fact]
    public void CloseOfAnOldSession_LeavesTheNewer()
    {
        var older = Sessions.Create(generation: 1);
        var newer = Sessions.Create(generation: 2);
        _tunnels.TryOpen(older, out _);
        _tunnels.TryOpen(newer, out _);

        _tunnels.Close(older, "test");

        Assert.Same(newer, Open("otter"));
        Assert.Null(newer.ClosingReason);
        Assert.Equal(ErrorCatalog.TunnelTakenOver, older.ClosingReason);
    }

    [Fact]
    public void Registry_IsFullAtItsLimit()
    {
        _tunnels.TryOpen(Sessions.Create("one"), out _);
        var fullAtOne = _tunnels.IsFull;
        var two = Sessions.Create("two");
        _tunnels.TryOpen(two, out _);
        var fullAtTwo = _tunnels.IsFull;

        _tunnels.Close(two, "test");

        Assert.Equal((false, true, false), (fullAtOne, fullAtTwo, _tunnels.IsFull));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SessionWithoutControl_ServesOnForTheGrace()
    {
        var (session, connection) = Sessions.WithConnection();
        _tunnels.TryOpen(session, out _);

        _tunnels.ControlLost(session);
        _time.Advance(_options.ControlLossGrace - TimeSpan.FromTicks(1));
        var foundInGrace = Open("otter");
        _time.Advance(TimeSpan.FromTicks(1));
        await connection.Closed.WaitAsync(Token);

        Assert.Same(session, foundInGrace);
        Assert.Null(Open("otter"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SessionReplacedWithinTheGrace_LeavesTheNewerOpen()
    {
        var (older, olderConnection) = Sessions.WithConnection(generation: 1);
        var newer = Sessions.Create(generation: 2);
        _tunnels.TryOpen(older, out _);
        _tunnels.ControlLost(older);
        _tunnels.TryOpen(newer, out _);
        await olderConnection.Closed.WaitAsync(Token);

        _time.Advance(_options.ControlLossGrace);
        await _tunnels.StopAsync(Token).WaitAsync(Token);

        // Only stopping closed it, which is the reason that it then has.
        Assert.Equal(ErrorCatalog.TunnelTakenOver, older.ClosingReason);
        Assert.Equal(ErrorCatalog.TunnelOffline, newer.ClosingReason);
    }

    [Fact]
    public void ControlLossOfAClosedSession_StartsNothing()
    {
        var older = Sessions.Create(generation: 1);
        var newer = Sessions.Create(generation: 2);
        _tunnels.TryOpen(older, out _);
        _tunnels.TryOpen(newer, out _);

        var timersBefore = _time.PendingTimers;

        _tunnels.ControlLost(older);

        Assert.Equal(timersBefore, _time.PendingTimers);
        Assert.Same(newer, Open("otter"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Stop_ClosesEverySession()
    {
        var (one, oneConnection) = Sessions.WithConnection("one");
        var (two, twoConnection) = Sessions.WithConnection("two");
        _tunnels.TryOpen(one, out _);
        _tunnels.TryOpen(two, out _);
        _tunnels.ControlLost(two);

        await _tunnels.StopAsync(Token).WaitAsync(Token);

        Assert.False(oneConnection.IsUsable);
        Assert.False(twoConnection.IsUsable);
        Assert.Null(Open("one"));
        Assert.Null(Open("two"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StopWithAStreamThatNobodyEnds_EndsAfterTwoSeconds()
    {
        var (session, connection) = Sessions.WithConnection(inFlight: 1);
        _tunnels.TryOpen(session, out _);

        var stopping = _tunnels.StopAsync(Token);
        var isOverEarly = stopping.IsCompleted;
        _time.Advance(TimeSpan.FromSeconds(2));
        await stopping.WaitAsync(Token);
        await connection.Closed.WaitAsync(Token);

        Assert.False(isOverEarly);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StopWhileAReplacedSessionDrains_EndsAfterTwoSecondsToo()
    {
        var (older, _) = Sessions.WithConnection(generation: 1, inFlight: 1);
        _tunnels.TryOpen(older, out _);
        _tunnels.TryOpen(Sessions.Create(generation: 2), out _);

        var stopping = _tunnels.StopAsync(Token);
        var isOverEarly = stopping.IsCompleted;
        _time.Advance(TimeSpan.FromSeconds(2));
        await stopping.WaitAsync(Token);

        Assert.False(isOverEarly);
    }

    public void Dispose() => _tunnels.Dispose();

    private TunnelSession? Open(string name) => _tunnels.Find(name)?.Sessions.SingleOrDefault();
}
