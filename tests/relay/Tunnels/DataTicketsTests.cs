using Tunnel.Relay.Tunnels;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Tunnels;

public sealed class DataTicketsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly DataTickets _tickets;

    public DataTicketsTests()
    {
        _tickets = new DataTickets(_time);
    }

    [Fact]
    public void Ticket_IsGoodOnceForItsSession()
    {
        var session = Sessions.Create();
        var other = Sessions.Create("badger");
        var ticket = _tickets.Issue(session)!;
        var otherTicket = _tickets.Issue(other)!;

        Assert.Same(session, _tickets.Redeem(ticket));
        Assert.Null(_tickets.Redeem(ticket));
        Assert.Same(other, _tickets.Redeem(otherTicket));
    }

    [Fact]
    public void UnknownTicket_IsWorthless()
    {
        _tickets.Issue(Sessions.Create());

        Assert.Null(_tickets.Redeem("x"));
        Assert.Null(_tickets.Redeem(string.Empty));
    }

    [Fact]
    public void Ticket_IsGoodUntilItsLifetimeEnds()
    {
        var session = Sessions.Create();
        var early = _tickets.Issue(session)!;
        var late = _tickets.Issue(session)!;

        _time.Advance(DataTickets.Lifetime - TimeSpan.FromTicks(1));
        Assert.Same(session, _tickets.Redeem(early));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(_tickets.Redeem(late));
    }

    [Fact]
    public void UnusedTickets_AreBoundedPerSession()
    {
        var session = Sessions.Create();
        var tickets = Enumerable.Range(0, 20).Select(_ => _tickets.Issue(session)).ToArray();

        Assert.Equal(16, tickets.Count(ticket => ticket is not null));
        Assert.All(tickets[16..], Assert.Null);
        Assert.NotNull(_tickets.Issue(Sessions.Create("badger")));
    }

    [Fact]
    public void UsedTicket_MakesRoomForAnother()
    {
        var session = Sessions.Create();
        var tickets = Enumerable.Range(0, 16).Select(_ => _tickets.Issue(session)).ToArray();

        _tickets.Redeem(tickets[3]!);

        Assert.NotNull(_tickets.Issue(session));
        Assert.Null(_tickets.Issue(session));
    }

    [Fact]
    public void ExpiredTickets_MakeRoomForOthers()
    {
        var session = Sessions.Create();
        for (var count = 0; count < 16; count++)
        {
            _tickets.Issue(session);
        }

        _time.Advance(DataTickets.Lifetime);

        Assert.NotNull(_tickets.Issue(session));
    }

    [Fact]
    public void Tickets_AreLongAndDiffer()
    {
        var tickets = Enumerable.Range(0, 100).Select(count => _tickets.Issue(Sessions.Create($"name-{count}"))!).ToArray();

        Assert.Equal(tickets.Length, tickets.Distinct(StringComparer.Ordinal).Count());
        Assert.All(tickets, ticket => Assert.Matches("^[A-Za-z0-9_-]{43}$", ticket));
    }
}
