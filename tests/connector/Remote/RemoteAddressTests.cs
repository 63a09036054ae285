using Tunnel.Connector.Remote;
using Xunit;

namespace Tunnel.Connector.Tests.Remote;

public sealed class RemoteAddressTests
{
    [Theory]
    [InlineData("https://mcp.example.com/mcp", "https://mcp.example.com/mcp")]
    [InlineData("http://localhost:9000/sse?key=1", "http://localhost:9000/sse?key=1")]
    [InlineData("mcp.example.com/mcp", "https://mcp.example.com/mcp")]
    public void Url_IsTakenWithOrWithoutScheme(string text, string expected) => Assert.Equal(new Uri(expected), RemoteAddress.Parse(text));

    [Theory]
    [InlineData("ftp://mcp.example.com")]
    [InlineData("https://user:password@mcp.example.com/mcp")]
    [InlineData("https://mcp.example.com/mcp#top")]
    [InlineData("")]
    public void AnythingElse_IsNone(string text) => Assert.Null(RemoteAddress.Parse(text));
}
