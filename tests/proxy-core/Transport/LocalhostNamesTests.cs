using Tunnel.ProxyCore.Transport;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Transport;

public sealed class LocalhostNamesTests
{
    [Theory]
    [InlineData("http://careful-ivy.localhost:5100/mcp", true)]
    [InlineData("https://MCP.LOCALHOST/", true)]
    [InlineData("http://mcp.example.com/mcp", false)]
    [InlineData("http://notlocalhost/mcp", false)]
    public void NameBelowLocalhost_IsThisMachine_AlsoWhereOthersAreReachedThroughAProxy(string url, bool isHere)
    {
        using var handler = new SocketsHttpHandler().Reaching(new Uri(url));

        Assert.Equal(isHere, handler.ConnectCallback is not null);
        Assert.Equal(isHere, !handler.UseProxy);
    }
}
