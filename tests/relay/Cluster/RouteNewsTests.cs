using Tunnel.Relay.Cluster;
using Tunnel.Relay.Tests.Tunnels;
using Tunnel.Relay.Tunnels;
using Xunit;

namespace Tunnel.Relay.Tests.Cluster;

public sealed class RouteNewsTests
{
    private const string Node = "http://10.0.0.1:5101";

    [Fact]
    public void News_ArriveAsTheyWereTold()
    {
        var news = RouteNews.Of(Session(3, instance: "a"), Node);

        Assert.Equal(news, RouteNews.TryParse(news.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[1]")]
    public void SomethingElse_IsNoNews(string message)
    {
        Assert.Null(RouteNews.TryParse(message));
    }

    [Theory]
    [InlineData(1, 2, 2, true)]
    [InlineData(2, 2, 2, false)]
    [InlineData(3, 2, 2, false)]
    [InlineData(1, 2, 1, false)]
    public void OlderOpening_MakesWayUnlessTheNameIsShared(long here, long there, long floor, bool makesWay)
    {
        Assert.Equal(makesWay, RouteNews.Of(Session(there, floor), Node).Outdates(Session(here)));
    }

    [Fact]
    public void ConnectorThatCameBackElsewhere_MakesWayForItself()
    {
        var news = RouteNews.Of(Session(2, floor: 1, instance: "a"), Node);

        Assert.True(news.Outdates(Session(1, instance: "a")));
        Assert.False(news.Outdates(Session(1, instance: "b")));
        Assert.True(news.IsOfInstance(Session(1, instance: "a")));
        Assert.False(news.IsOfInstance(Session(1)));
    }

    [Fact]
    public void OpeningThatIsContinuedElsewhere_MakesNoWayForItself()
    {
        var news = RouteNews.Of(Session(2, instance: "a"), Node);

        Assert.False(news.Outdates(Session(2, instance: "a")));
    }

    private static TunnelSession Session(long generation, long? floor = null, string? instance = null) =>
        new(Sessions.Terms(generation: generation) with { Floor = floor ?? generation, Instance = instance });
}
