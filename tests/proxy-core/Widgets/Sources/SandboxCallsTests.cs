using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Routing;
using Tunnel.ProxyCore.Tests.Servers;
using Tunnel.ProxyCore.Widgets.Sources;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets.Sources;

/// <summary>What a foreign origin may do on a port of this machine: nearly nothing.</summary>
public sealed class SandboxCallsTests
{
    private const string Claude = "https://0123456789abcdef0123456789abcdef.claudemcpcontent.com";

    [Theory]
    [InlineData("GET", "/a.js", Claude, "empty")]
    [InlineData("HEAD", "/a.js", Claude, null)]
    [InlineData("GET", "/index.html", "https://x.web-sandbox.oaiusercontent.com", "iframe")]
    [InlineData("GET", "/a.js", "null", "script")]
    [InlineData("GET", "/a.woff2", "null", "font")]
    public void Sandbox_LoadsWidgets(string method, string path, string origin, string? purpose)
    {
        Assert.True(Allow(method, path, origin, purpose));
    }

    [Theory]
    // Whoever reads as text reads what is being worked on, and any page can call itself null.
    [InlineData("GET", "/a.js", "null", "empty")]
    [InlineData("GET", "/index.html", "null", "iframe")]
    [InlineData("GET", "/a.js", "null", null)]
    [InlineData("GET", "/a.js", "https://evil.example", "script")]
    [InlineData("POST", "/a.js", Claude, "empty")]
    [InlineData("DELETE", "/a.js", Claude, "empty")]
    [InlineData("GET", "/mcp", Claude, "empty")]
    [InlineData("GET", "/.well-known/oauth-protected-resource", Claude, "empty")]
    [InlineData("OPTIONS", "/a.js", Claude, "empty")]
    public void Others_DoNot(string method, string path, string origin, string? purpose)
    {
        Assert.False(Allow(method, path, origin, purpose));
    }

    [Fact]
    public void WebSocket_IsForNobody()
    {
        Assert.False(Allow("GET", "/", Claude, "websocket", "Upgrade: websocket"));
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("POST", false)]
    [InlineData("DELETE", false)]
    public void Preflight_IsAnsweredForLoading(string method, bool expected)
    {
        Assert.Equal(expected, Allow("OPTIONS", "/a.json", Claude, "empty", "Access-Control-Request-Method: " + method));
    }

    [Fact]
    public void TwoOrigins_AreNone()
    {
        var request = Request("GET", "/a.js", Claude, "script");
        request.Headers.Origin = new([Claude, Claude]);

        Assert.False(Calls().Allow(request));
    }

    private static bool Allow(string method, string path, string origin, string? purpose, params string[] headers) =>
        Calls().Allow(Request(method, path, origin, purpose, headers));

    private static SandboxCalls Calls()
    {
        var options = Options.Create(new McpProxyOptions { WidgetFolder = "/widgets" });
        return new SandboxCalls(new McpRouter(TestServers.Create((null, "http://localhost:9000/mcp")), new OAuthPaths(), options));
    }

    private static HttpRequest Request(string method, string path, string origin, string? purpose, params string[] headers)
    {
        var context = new DefaultHttpContext();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = path;
        context.Request.Method = method;
        context.Request.Headers.Origin = origin;
        context.Request.Headers["Sec-Fetch-Dest"] = purpose;
        foreach (var header in headers)
        {
            var parts = header.Split(": ");
            context.Request.Headers[parts[0]] = parts[1];
        }

        return context.Request;
    }
}
