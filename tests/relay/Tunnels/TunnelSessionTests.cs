using Tunnel.ProxyCore.Errors;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Tunnels;

public sealed class TunnelSessionTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void SessionWithoutConnections_HasNothingToRent()
    {
        Assert.Null(Sessions.Create().Rent());
    }

    [Fact]
    public void Rent_TakesTheLeastLoaded()
    {
        var session = Sessions.Create();
        var one = Sessions.Connection();
        var two = Sessions.Connection();
        session.TryAdd(one);
        session.TryAdd(two);
        one.Enter();
        one.Enter();

        Assert.Same(two, session.Rent());
        Assert.Same(two, session.Rent());
        Assert.Equal((2, 2, 2), (one.InFlight, two.InFlight, session.InFlight));
    }

    [Fact]
    public void RentOfEquallyLoaded_TakesTurns()
    {
        var session = Sessions.Create();
        session.TryAdd(Sessions.Connection());
        session.TryAdd(Sessions.Connection());

        var first = session.Rent()!;
        session.Return(first);
        var second = session.Rent()!;

        Assert.NotSame(first, second);
    }

    [Fact]
    public void ConnectionThatIsGone_IsNotRented()
    {
        var session = Sessions.Create();
        var gone = Sessions.Connection();
        var usable = Sessions.Connection();
        session.TryAdd(gone);
        session.TryAdd(usable);
        usable.Enter();

        gone.Dispose();

        Assert.Same(usable, session.Rent());
        Assert.Same(usable, session.Rent());
    }

    [Fact]
    public void RemovedConnection_IsNotRented()
    {
        var (session, connection) = Sessions.WithConnection();

        session.Remove(connection);

        Assert.Null(session.Rent());
        Assert.Equal(0, session.DataConnections);
    }

    [Fact]
    public void Connections_AreBounded()
    {
        var session = Sessions.Create(maxDataConnections: 2);

        Assert.True(session.TryAdd(Sessions.Connection()));
        Assert.True(session.TryAdd(Sessions.Connection()));
        Assert.False(session.TryAdd(Sessions.Connection()));
        Assert.Equal(2, session.DataConnections);
    }

    [Fact]
    public void ClosingSession_TakesNothingNew()
    {
        var (session, _) = Sessions.WithConnection(inFlight: 1);

        _ = session.DrainAsync(ErrorCatalog.TunnelOffline, s_limit, _time);

        Assert.Null(session.Rent());
        Assert.False(session.TryAdd(Sessions.Connection()));
        Assert.Equal(ErrorCatalog.TunnelOffline, session.ClosingReason);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DrainOfAnIdleSession_EndsAtOnce()
    {
        var (session, connection) = Sessions.WithConnection();

        await session.DrainAsync(ErrorCatalog.TunnelOffline, s_limit, _time).WaitAsync(Token);

        Assert.False(connection.IsUsable);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Drain_EndsWithTheLastExchange()
    {
        var (session, connection) = Sessions.WithConnection(inFlight: 2);
        var draining = session.DrainAsync(ErrorCatalog.TunnelOffline, s_limit, _time);

        session.Return(connection);
        var usableAfterFirst = connection.IsUsable;
        session.Return(connection);
        await draining.WaitAsync(Token);

        Assert.True(usableAfterFirst);
        Assert.False(connection.IsUsable);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Drain_WaitsForAllConnections()
    {
        var (session, busy) = Sessions.WithConnection(inFlight: 1);
        var idle = Sessions.Connection();
        session.TryAdd(idle);
        var other = session.Rent()!;
        var draining = session.DrainAsync(ErrorCatalog.TunnelOffline, s_limit, _time);

        session.Return(other);
        var usableAfterFirst = busy.IsUsable;
        session.Return(busy);
        await draining.WaitAsync(Token);

        Assert.Same(idle, other);
        Assert.True(usableAfterFirst);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DrainOfABusySession_EndsAtTheLimit()
    {
        var (session, connection) = Sessions.WithConnection(inFlight: 1);
        var draining = session.DrainAsync(ErrorCatalog.TunnelOffline, s_limit, _time);

        _time.Advance(s_limit - TimeSpan.FromTicks(1));
        var isOverEarly = draining.IsCompleted;
        _time.Advance(TimeSpan.FromTicks(1));
        await draining.WaitAsync(Token);

        Assert.False(isOverEarly);
        Assert.False(connection.IsUsable);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DrainOfASessionThatLosesItsBusyConnection_Ends()
    {
        var (session, connection) = Sessions.WithConnection(inFlight: 1);
        var draining = session.DrainAsync(ErrorCatalog.TunnelOffline, s_limit, _time);

        session.Remove(connection);

        await draining.WaitAsync(Token);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SecondDrain_KeepsTheFirstReason()
    {
        var (session, _) = Sessions.WithConnection();
        await session.DrainAsync(ErrorCatalog.TunnelTakenOver, s_limit, _time);

        await session.DrainAsync(ErrorCatalog.TunnelOffline, s_limit, _time).WaitAsync(Token);

        Assert.Equal(ErrorCatalog.TunnelTakenOver, session.ClosingReason);
    }

    [Fact]
    public void ParallelRentAndReturn_LeaveNothingInFlight()
    {
        var session = Sessions.Create();
        session.TryAdd(Sessions.Connection());
        session.TryAdd(Sessions.Connection());

        Parallel.For(0, 20_000, _ => session.Return(session.Rent()!));

        Assert.Equal(0, session.InFlight);
    }
}
