using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Contract;
using Xunit;

namespace Tunnel.Connector.Tests.Tunneling;

public sealed class DataOriginsTests
{
    private static readonly Uri s_relay = new("https://tunnel.example.com");

    [Fact]
    public void WithoutAWord_EverythingGoesWhereTheTunnelWasOpened()
    {
        Assert.Equal([s_relay], DataOrigins.Of(Tunnel(null), s_relay));
        Assert.Equal([s_relay], DataOrigins.Of(Tunnel([]), s_relay));
        Assert.Empty(DataOrigins.Elsewhere(null, s_relay));
    }

    [Fact]
    public void OriginsOfRelays_AreDialled()
    {
        string[] nodes = ["https://node-1.example.com", "https://node-2.example.com:8443"];

        Assert.Equal(nodes.Select(node => new Uri(node)), DataOrigins.Of(Tunnel(nodes), s_relay));
        Assert.Equal(nodes.Select(node => new Uri(node)), DataOrigins.Elsewhere(nodes, s_relay));
    }

    [Theory]
    [InlineData("http://node.example.com")]
    [InlineData("ftp://node.example.com")]
    [InlineData("https://node.example.com/path")]
    [InlineData("https://user@node.example.com")]
    [InlineData("node")]
    [InlineData("")]
    public void AnythingElse_IsNotFollowed(string origin)
    {
        Assert.Equal([s_relay], DataOrigins.Of(Tunnel([origin]), s_relay));
        Assert.Empty(DataOrigins.Elsewhere([origin], s_relay));
    }

    [Fact]
    public void RelayWithoutTls_MaySendToOthersWithout()
    {
        Assert.Equal([new Uri("http://10.0.0.2:5100")], DataOrigins.Of(Tunnel(["http://10.0.0.2:5100"]), new Uri("http://localhost:5100")));
    }

    private static OpenedTunnel Tunnel(IReadOnlyList<string>? origins) => new("otter", "https://otter.tunnel.example.com", 1, 2, origins);
}
