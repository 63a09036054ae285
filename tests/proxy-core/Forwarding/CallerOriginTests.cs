using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Forwarding;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Forwarding;

public sealed class CallerOriginTests
{
    [Theory]
    [InlineData("mcp.example.com", "https://mcp.example.com")]
    [InlineData("MCP.example.com", "https://mcp.example.com")]
    [InlineData("localhost:3000", "http://localhost:3000")]
    [InlineData("mcp.example.com:8080", "http://mcp.example.com:8080")]
    public void RequestForThePublicHost_HasThePublicScheme(string host, string expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Scheme = "http";
        request.Host = new HostString(host);

        Assert.Equal(expected, CallerOrigin.Of(request, new Uri("https://mcp.example.com/mcp")));
    }
}
