using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Routing;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Routing;

public sealed class McpRouterTests
{
    private static readonly JsonRpcSummary s_call = new() { Method = "tools/call" };

    private readonly AnnouncedEndpoints _announced = new();

    [Theory]
    [InlineData("/", "/api/mcp")]
    [InlineData("/mcp", "/api/mcp")]
    [InlineData("/mcp?key=1", "/api/mcp?key=1")]
    [InlineData("/?key=%2F", "/api/mcp?key=%2F")]
    [InlineData("/api/mcp", "/api/mcp")]
    [InlineData("/api/mcp?x", "/api/mcp?x")]
    public void JsonRpc_GoesToTheEndpointWhateverThePath(string target, string expected)
    {
        Assert.Equal(expected, Router("http://localhost:9000/api/mcp").Route(target, s_call));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/.well-known/oauth-protected-resource/mcp")]
    [InlineData("/token?x=%2F")]
    public void EverythingElse_KeepsItsTarget(string target)
    {
        Assert.Equal(target, Router("http://localhost:9000/mcp").Route(target, message: null));
    }

    [Fact]
    public void AnnouncedPath_IsPostedToAsItIs()
    {
        _announced.Add("/messages?sessionId=1");

        Assert.Equal("/messages?sessionId=1", Router("http://localhost:9000/mcp").Route("/messages?sessionId=1", s_call));
        Assert.Equal("/messages/?sessionId=1", Router("http://localhost:9000/sse").Route("/messages/?sessionId=1", s_call));
        Assert.Equal("/mcp?sessionId=1", Router("http://localhost:9000/mcp").Route("/other?sessionId=1", s_call));
    }

    [Fact]
    public void AnnouncedPaths_AreBounded()
    {
        for (var number = 0; number <= 1024; number++)
        {
            _announced.Add($"/m{number}");
        }

        Assert.False(_announced.Contains("/m0"));
        Assert.True(_announced.Contains("/m1024"));
    }

    private McpRouter Router(string upstream) => new(Options.Create(new McpProxyOptions { Upstream = new Uri(upstream) }), _announced);
}
