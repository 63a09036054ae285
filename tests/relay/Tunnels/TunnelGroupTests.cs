using Tunnel.Relay.Tunnels;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Tunnels;

public sealed class TunnelGroupTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly TunnelGroup _group;

    public TunnelGroupTests()
    {
        _group = new TunnelGroup("otter", _time);
    }

    [Fact]
    public void SessionsAtOrAboveTheFloor_ShareTheName()
    {
        var one = Join(1);
        var two = Join(2);

        Assert.Equal([one, two], _group.Sessions);
    }

    [Fact]
    public void SessionThatWantsTheNameAlone_ReplacesAll()
    {
        var one = Join(1);
        var two = Join(2);
        var alone = Sessions.Create(generation: 3);

        Assert.Equal(OpenOutcome.Opened, _group.Open(alone, out var replaced));

        Assert.Equal([one, two], replaced);
        Assert.Equal([alone], _group.Sessions);
    }

    [Fact]
    public void GenerationBelowTheFloor_IsOutdated()
    {
        _group.Open(Sessions.Create(generation: 3), out _);

        Assert.Equal(OpenOutcome.Outdated, _group.Open(Sessions.Create(generation: 2), out _));
    }

    [Fact]
    public void ConnectorThatComesBack_ReplacesItselfAndNobodyElse()
    {
        var lost = Join(1, instance: "a");
        var other = Join(2, instance: "b");
        var back = new TunnelSession(Sessions.Terms(generation: 3) with { Floor = 1, Instance = "a" });

        _group.Open(back, out var replaced);

        Assert.Equal([lost], replaced);
        Assert.Equal([other, back], _group.Sessions);
    }

    [Fact]
    public void OpeningThatIsContinuedWhereItWas_ReplacesItself()
    {
        var lost = Join(1, instance: "a");
        var back = new TunnelSession(Sessions.Terms(generation: 1) with { Instance = "a" });
        var forged = new TunnelSession(Sessions.Terms(generation: 1) with { Instance = "b" });

        Assert.Equal(OpenOutcome.Opened, _group.Open(back, out var replaced));
        Assert.Equal(OpenOutcome.Outdated, _group.Open(forged, out _));

        Assert.Equal([lost], replaced);
        Assert.Equal([back], _group.Sessions);
    }

    [Fact]
    public void Rent_TakesTheLeastLoadedSession()
    {
        var busy = Join(1, inFlight: 3);
        var idle = Join(2, inFlight: 1);

        Assert.Same(idle, Rent());
        Assert.Same(idle, Rent());
        Assert.Equal((3, 3), (busy.InFlight, idle.InFlight));
    }

    [Fact]
    public void SessionThatFails_IsAskedLastUntilItWorksOrTimePasses()
    {
        var busy = Join(1, inFlight: 3);
        var failing = Join(2);

        failing.Health.Failed(_time);
        var whileFailing = Rent();
        _time.Advance(SessionHealth.FailureCounts);
        var later = Rent();
        failing.Health.Failed(_time);
        failing.Health.Succeeded();
        var afterSuccess = Rent();

        Assert.Equal([busy, failing, failing], [whileFailing, later, afterSuccess]);
    }

    [Fact]
    public void SessionWhoseControlConnectionIsGone_IsAskedLast()
    {
        var busy = Join(1, inFlight: 3);
        var left = Join(2);

        left.LoseControl();

        Assert.Same(busy, Rent());
    }

    [Fact]
    public void OnlySessionsThatFail_AreAskedAllTheSame()
    {
        var failing = Join(1);
        failing.Health.Failed(_time);

        Assert.Same(failing, Rent());
    }

    [Theory]
    [InlineData(0, false, true)]
    [InlineData(3, false, true)]
    [InlineData(4, false, false)]
    [InlineData(0, true, false)]
    public void GroupServesWell_UnlessEverySessionIsFullOrFailing(int inFlight, bool fails, bool servesWell)
    {
        var session = Join(1, inFlight: inFlight);
        if (fails)
        {
            session.Health.Failed(_time);
        }

        Assert.Equal(servesWell, _group.CanServeWell(maxRequests: 4));
    }

    [Fact]
    public void GroupWhoseOnlySessionHasNoControlConnection_DoesNotServeWell()
    {
        Join(1).LoseControl();

        Assert.False(_group.CanServeWell(maxRequests: 4));
    }

    [Fact]
    public void GroupWithoutAConnection_DoesNotServeWell()
    {
        _group.Open(new TunnelSession(Sessions.Terms(generation: 1)), out _);

        Assert.False(_group.CanServeWell(maxRequests: 4));
    }

    [Fact]
    public void SessionWithoutConnections_IsPassedOver()
    {
        _group.Open(new TunnelSession(Sessions.Terms(generation: 1) with { Floor = 1 }), out _);
        var usable = Join(2, inFlight: 5);

        Assert.Same(usable, Rent());
        Assert.Same(usable, Rent());
    }

    [Fact]
    public void ConnectionThatWasNotProbed_CarriesNothing()
    {
        var session = Join(1);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            session.TryAdd(Sessions.UnprobedConnection());
        }

        var rented = Enumerable.Range(0, 6).Select(_ => _group.Rent(out Task _)!.Value.Connection).Distinct();

        Assert.Single(rented);
    }

    [Fact]
    public void ReadyConnection_SignalsThoseWhoWait()
    {
        Assert.Null(_group.Rent(out var back));
        var waiting = back.IsCompleted;

        _group.Ready();

        Assert.False(waiting);
        Assert.True(back.IsCompleted);
        Assert.Null(_group.Rent(out var next));
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public void AwayFor_CountsFromTheLossOfTheLastConnection()
    {
        var (session, connection) = Sessions.WithConnection();
        _group.Open(session, out _);
        _group.Ready();
        _time.Advance(TimeSpan.FromMinutes(1));
        var whileThere = _group.AwayFor();

        session.Remove(connection);
        _group.Lost();
        _time.Advance(TimeSpan.FromSeconds(3));
        _group.Remove(session);
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(TimeSpan.Zero, whileThere);
        Assert.Equal(TimeSpan.FromSeconds(7), _group.AwayFor());
    }

    [Fact]
    public void LossOfOneConnectionOfTwo_IsNotBeingAway()
    {
        var (session, connection) = Sessions.WithConnection();
        session.TryAdd(Sessions.Connection());
        _group.Open(session, out _);
        _group.Ready();

        session.Remove(connection);
        _group.Lost();
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.Zero, _group.AwayFor());
    }

    [Fact]
    public void ForgottenGroup_OpensNothingAndLetsNobodyWait()
    {
        _group.Rent(out var back);

        Assert.True(_group.TryForget());

        Assert.True(back.IsCompleted);
        Assert.Equal(OpenOutcome.Forgotten, _group.Open(Sessions.Create(), out _));
    }

    [Fact]
    public void GroupWithASession_IsNotForgotten()
    {
        Join(1);

        Assert.False(_group.TryForget());
    }

    private TunnelSession? Rent() => _group.Rent(out _)?.Session;

    private TunnelSession Join(long generation, string? instance = null, int inFlight = 0)
    {
        var session = new TunnelSession(Sessions.Terms(generation: generation) with { Floor = 1, Instance = instance });
        session.TryAdd(Sessions.Connection());
        for (var count = 0; count < inFlight; count++)
        {
            session.Rent();
        }

        Assert.Equal(OpenOutcome.Opened, _group.Open(session, out _));
        return session;
    }
}
