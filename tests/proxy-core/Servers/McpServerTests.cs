using Tunnel.ProxyCore.JsonRpc;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Servers;

public sealed class McpServerTests
{
    private static readonly JsonRpcSummary s_call = new() { Method = "tools/call" };

    [Theory]
    [InlineData("/", "/api/mcp")]
    [InlineData("/mcp", "/api/mcp")]
    [InlineData("/mcp?key=1", "/api/mcp?key=1")]
    [InlineData("/?key=%2F", "/api/mcp?key=%2F")]
    [InlineData("/api/mcp", "/api/mcp")]
    [InlineData("/api/mcp?x", "/api/mcp?x")]
    public void JsonRpc_GoesToTheEndpointWhateverThePath(string target, string expected)
    {
        Assert.Equal(expected, TestServers.Create(name: null, "http://localhost:9000/api/mcp").TargetOf(target, s_call));
    }

    [Theory]
    [InlineData("/files", "/api/mcp")]
    [InlineData("/files/", "/api/mcp")]
    [InlineData("/files/mcp?x=%2F", "/api/mcp?x=%2F")]
    [InlineData("/files/anything", "/api/mcp")]
    public void JsonRpcBelowAName_GoesToTheEndpointOfThatServer(string target, string expected)
    {
        Assert.Equal(expected, TestServers.Create("files", "http://localhost:9000/api/mcp").TargetOf(target, s_call));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/.well-known/oauth-protected-resource/mcp")]
    [InlineData("/token?x=%2F")]
    public void EverythingElse_KeepsItsTarget(string target)
    {
        Assert.Equal(target, TestServers.Create(name: null, "http://localhost:9000/mcp").TargetOf(target, message: null));
    }

    [Theory]
    [InlineData("/files", "/")]
    [InlineData("/files?x", "/?x")]
    [InlineData("/files/", "/")]
    [InlineData("/files/mcp?x", "/api/mcp?x")]
    [InlineData("/files/api/mcp", "/api/mcp")]
    [InlineData("/files/sse", "/sse")]
    [InlineData("/files/a%2Fb/./c", "/a%2Fb/./c")]
    [InlineData("/.well-known/oauth-protected-resource/files/mcp", "/.well-known/oauth-protected-resource/api/mcp")]
    [InlineData("/.well-known/oauth-protected-resource/files", "/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/openid-configuration/files/tenant", "/.well-known/openid-configuration/tenant")]
    [InlineData("/files/.well-known/openid-configuration", "/.well-known/openid-configuration")]
    public void EverythingElseBelowAName_LosesIt(string target, string expected)
    {
        Assert.Equal(expected, TestServers.Create("files", "http://localhost:9000/api/mcp").TargetOf(target, message: null));
    }

    [Fact]
    public void ResourceAtTheRoot_HasNoPathBehindItsDocument()
    {
        var server = TestServers.Create("files", "http://localhost:9000/");

        Assert.Equal(
            "/.well-known/oauth-protected-resource",
            server.TargetOf("/.well-known/oauth-protected-resource/files/mcp", message: null)
        );
    }

    [Fact]
    public void AnnouncedPath_IsPostedToAsItIs()
    {
        var (server, stream, named) = (
            TestServers.Create(name: null, "http://localhost:9000/mcp"),
            TestServers.Create(name: null, "http://localhost:9000/sse"),
            TestServers.Create("files", "http://localhost:9000/mcp")
        );
        server.Announced.Add("/messages");
        named.Announced.Add("/messages");

        Assert.Equal("/messages?sessionId=1", server.TargetOf("/messages?sessionId=1", s_call));
        Assert.Equal("/mcp?sessionId=1", server.TargetOf("/other?sessionId=1", s_call));
        Assert.Equal("/messages/?sessionId=1", stream.TargetOf("/messages/?sessionId=1", s_call));
        Assert.Equal("/messages?sessionId=1", named.TargetOf("/files/messages?sessionId=1", s_call));
    }

    [Theory]
    [InlineData(null, "/api/mcp", "/api/mcp")]
    [InlineData(null, "/authorize", "/authorize")]
    [InlineData("files", "/api/mcp", "/files/mcp")]
    [InlineData("files", "/authorize", "/files/authorize")]
    public void PathOfTheServer_HasOneForCallers(string? name, string path, string expected)
    {
        Assert.Equal(expected, TestServers.Create(name, "http://localhost:9000/api/mcp").PublicPathOf(path));
    }
}
