using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Routing;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Tests.Servers;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Routing;

/// <summary>Who answers: the MCP server or the widgets.</summary>
public sealed class McpRouterTests
{
    private static readonly JsonRpcSummary s_call = new() { Method = "tools/call" };

    private readonly OAuthPaths _authorization = new();
    private readonly McpServers _servers = TestServers.Create((null, "http://localhost:9000/mcp"), ("files", "http://localhost:9001/mcp"));

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/index.html?v=1")]
    [InlineData("HEAD", "/assets/a.js")]
    [InlineData("POST", "/api/cart")]
    [InlineData("GET", "/mcp-widget/x.js")]
    [InlineData("GET", "/token.js")]
    [InlineData("GET", "/__webpack_hmr", "Accept: text/event-stream")]
    [InlineData("GET", "/", "Upgrade: websocket")]
    [InlineData("OPTIONS", "/a.js", "Access-Control-Request-Method: GET")]
    [InlineData("OPTIONS", "/api/cart", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type")]
    public void WhatIsNotMcp_GoesToTheWidgetsWhereThereAreAny(string method, string target, params string[] headers)
    {
        Assert.Equal(
            new Route(Server: null, IsToWidgets: true, target),
            Router(hasWidgets: true).Route(Request(method, target, headers), target, message: null)
        );
        Assert.Equal(
            new Route(_servers.Find("/"), IsToWidgets: false, target),
            Router(hasWidgets: false).Route(Request(method, target, headers), target, message: null)
        );
    }

    [Theory]
    [InlineData("GET", "/mcp")]
    [InlineData("GET", "/mcp/")]
    [InlineData("GET", "/mcp?x=1", "Accept: text/event-stream")]
    [InlineData("DELETE", "/mcp")]
    [InlineData("DELETE", "/", "Mcp-Session-Id: 1")]
    [InlineData("GET", "/", "mcp-session-id: 1", "Accept: text/event-stream")]
    [InlineData("POST", "/mcp")]
    [InlineData("OPTIONS", "/mcp", "Access-Control-Request-Method: POST")]
    [InlineData(
        "OPTIONS",
        "/",
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: content-type, mcp-protocol-version"
    )]
    [InlineData("GET", "/.well-known/oauth-protected-resource")]
    [InlineData("GET", "/.well-known/oauth-authorization-server/mcp")]
    [InlineData("GET", "/tenant/.well-known/openid-configuration")]
    [InlineData("GET", "/authorize?client_id=x", "Accept: text/html")]
    [InlineData("POST", "/token")]
    [InlineData("POST", "/register")]
    [InlineData("GET", "/sse", "Accept: text/event-stream")]
    [InlineData("GET", "/messages?sessionId=1")]
    public void WhatBelongsToMcp_GoesToTheServerBesideWidgets(string method, string target, params string[] headers)
    {
        _servers.Find("/")!.Announced.Add("/messages");

        Assert.Equal(
            new Route(_servers.Find("/"), IsToWidgets: false, target),
            Router(hasWidgets: true).Route(Request(method, target, headers), target, message: null)
        );
    }

    [Fact]
    public void JsonRpc_GoesToTheServerBesideWidgets()
    {
        Assert.Equal(
            new Route(_servers.Find("/"), IsToWidgets: false, "/mcp"),
            Router(hasWidgets: true).Route(Request("POST", "/index.html"), "/index.html", s_call)
        );
    }

    [Theory]
    [InlineData("GET", "/a.js", true)]
    [InlineData("HEAD", "http://host/a.js", true)]
    [InlineData("OPTIONS", "/a.js", false)]
    [InlineData("POST", "/a.js", false)]
    [InlineData("PUT", "/a.js", false)]
    [InlineData("GET", "/mcp", false)]
    [InlineData("OPTIONS", "*", false)]
    public void LoadsFromWidgets_IsOnlyWhatCannotCarryAMessage(string method, string rawTarget, bool expected)
    {
        Assert.Equal(expected, Router(hasWidgets: true).LoadsFromWidgets(Request(method, rawTarget)));
        Assert.False(Router(hasWidgets: false).LoadsFromWidgets(Request(method, rawTarget)));
    }

    [Theory]
    [InlineData("GET", "/files/a.js", "/a.js")]
    [InlineData("GET", "/files", "/")]
    [InlineData("GET", "/.well-known/oauth-protected-resource/files/mcp", "/.well-known/oauth-protected-resource/mcp")]
    public void ServerWithAName_KeepsWhatIsBelowIt(string method, string target, string expected)
    {
        Assert.Equal(
            new Route(_servers.Find("/files"), IsToWidgets: false, expected),
            Router(hasWidgets: true).Route(Request(method, target), target, message: null)
        );
    }

    [Fact]
    public void WithoutAServerOfItsOwn_APathGoesToTheWidgetsAndAMessageNowhere()
    {
        var servers = TestServers.Create(("files", "http://localhost:9001/mcp"));
        var router = Router(hasWidgets: true, servers);

        Assert.True(router.Route(Request("GET", "/a.js"), "/a.js", message: null).IsToWidgets);
        Assert.Equal(new Route(Server: null, IsToWidgets: false, "/a.js"), router.Route(Request("POST", "/a.js"), "/a.js", s_call));
        Assert.Equal(
            new Route(Server: null, IsToWidgets: false, "/.well-known/x"),
            router.Route(Request("GET", "/.well-known/x"), "/.well-known/x", message: null)
        );
    }

    [Fact]
    public void PagesAndDocumentsThatAServerAnnounced_AreNotTheWidgets()
    {
        _authorization.AddEndpoint("/login");
        _authorization.AddDocument("/metadata");
        var router = Router(hasWidgets: true);

        Assert.All(["/login", "/metadata"], path => Assert.False(router.Route(Request("GET", path), path, message: null).IsToWidgets));
    }

    private static HttpRequest Request(string method, string rawTarget, params string[] headers)
    {
        var context = new DefaultHttpContext();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = rawTarget;
        context.Request.Method = method;
        foreach (var header in headers)
        {
            var parts = header.Split(": ");
            context.Request.Headers[parts[0]] = parts[1];
        }

        return context.Request;
    }

    private McpRouter Router(bool hasWidgets, McpServers? servers = null) =>
        new(
            servers ?? _servers,
            _authorization,
            Options.Create(new McpProxyOptions { WidgetServer = hasWidgets ? new Uri("http://localhost:5173") : null })
        );
}
