using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Edge;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Edge;

public sealed class EdgeStayTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly DefaultHttpContext _context = new();

    [Fact]
    public void Stay_IsToldUntilItIsSent_WithWhatWasWaiting()
    {
        var stay = EdgeStay.Begin(_context, _time);
        _time.Advance(s_second);
        var held = _time.GetTimestamp();
        _time.Advance(3 * s_second);
        stay.Held(held);
        stay.Tell();

        Assert.Equal((4 * s_second, 3 * s_second), EdgeTimeHeaders.Take(_context.Request));
    }

    [Fact]
    public void SecondTry_TellsTheWholeStay()
    {
        var stay = EdgeStay.Begin(_context, _time);
        _time.Advance(s_second);
        stay.Tell();
        _time.Advance(s_second);
        stay.Tell();

        Assert.Equal((2 * s_second, TimeSpan.Zero), EdgeTimeHeaders.Take(_context.Request));
    }

    [Fact]
    public void StayAtTheRelayThatPassedItOn_Counts()
    {
        _context.Features.Set(new NodeMark());
        EdgeTimeHeaders.Write(_context.Request, 5 * s_second, 2 * s_second);

        var stay = EdgeStay.Begin(_context, _time);
        _time.Advance(s_second);
        stay.Tell();

        Assert.Equal((6 * s_second, 2 * s_second), EdgeTimeHeaders.Take(_context.Request));
    }
}
