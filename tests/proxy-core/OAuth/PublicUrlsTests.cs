using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Tests.Servers;
using Xunit;

namespace Tunnel.ProxyCore.Tests.OAuth;

public sealed class PublicUrlsTests
{
    private const string Caller = "https://otter.example.com";

    [Theory]
    [InlineData("http://localhost:9000", "http://localhost:9000/mcp", Caller + "/mcp")]
    [InlineData("http://localhost:9000", "http://localhost:9000", Caller)]
    [InlineData("http://localhost:9000", "http://localhost:9000/", Caller + "/")]
    [InlineData("http://localhost:9000", "http://LOCALHOST:9000/%7E?a=%2F#b", Caller + "/%7E?a=%2F#b")]
    [InlineData("http://localhost:9000", "http://localhost:9000?a", Caller + "?a")]
    [InlineData("http://localhost:9000", "http://127.0.0.1:9000/mcp", Caller + "/mcp")]
    [InlineData("http://localhost:9000", "http://[::1]:9000/mcp", Caller + "/mcp")]
    [InlineData("http://localhost:9000", "http://0.0.0.0:9000/mcp", Caller + "/mcp")]
    [InlineData("http://127.0.0.1:9000", "http://localhost:9000/mcp", Caller + "/mcp")]
    [InlineData("https://api.internal", "https://api.internal:443/mcp", Caller + "/mcp")]
    public void UrlOfTheServer_IsTheCallers(string server, string url, string expected)
    {
        Assert.Equal(expected, new PublicUrls(server, Caller, path => path).Translate(url));
    }

    [Theory]
    [InlineData("http://localhost:9000", "http://localhost:9001/mcp")]
    [InlineData("http://localhost:9000", "https://localhost:9000/mcp")]
    [InlineData("http://localhost:9000", "http://localhost.evil.example:9000/mcp")]
    [InlineData("http://localhost:9000", "http://localhost:9000@evil.example/mcp")]
    [InlineData("http://localhost:9000", "http://user@localhost:9000/mcp")]
    [InlineData("http://localhost:9000", "http://localhost:9000\\@evil.example/")]
    [InlineData("http://localhost:9000", "http://127.0.0.2:9000/mcp")]
    [InlineData("http://api.internal:9000", "http://localhost:9000/mcp")]
    [InlineData("http://localhost:9000", "https://accounts.example.com/http://localhost:9000/")]
    [InlineData("http://localhost:9000", Caller + "/mcp")]
    [InlineData("http://localhost:9000", "/mcp")]
    [InlineData("http://localhost:9000", "//localhost:9000/mcp")]
    [InlineData("http://localhost:9000", "urn:x")]
    [InlineData("http://localhost:9000", "://")]
    [InlineData("http://localhost:9000", "")]
    public void AnythingElse_StaysAsItIs(string server, string url)
    {
        Assert.Null(new PublicUrls(server, Caller, path => path).Translate(url));
    }

    [Theory]
    [InlineData("http://localhost:9000/api/mcp", "/files/mcp")]
    [InlineData("http://localhost:9000/authorize?x=/api/mcp#y", "/files/authorize?x=/api/mcp#y")]
    [InlineData("http://localhost:9000", "/files")]
    [InlineData("http://localhost:9000/", "/files/")]
    [InlineData("http://localhost:9000/.well-known/oauth-protected-resource/api/mcp", "/.well-known/oauth-protected-resource/files/mcp")]
    [InlineData("http://localhost:9000/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/files")]
    [InlineData("http://localhost:9000/.well-known/oauth-authorization-server/t", "/.well-known/oauth-authorization-server/files/t")]
    public void UrlOfAServerWithAName_IsBelowItsName(string url, string expected)
    {
        var server = TestServers.Create("files", "http://localhost:9000/api/mcp");

        Assert.Equal(Caller + expected, new PublicUrls("http://localhost:9000", Caller, server.PublicPathOf).Translate(url));
    }

    [Theory]
    [InlineData("/login?x=1", "/files/login?x=1")]
    [InlineData("/", "/files/")]
    [InlineData("//evil.example/", null)]
    [InlineData("login", null)]
    [InlineData("", null)]
    public void PathOnAServerWithAName_IsBelowItsName(string target, string? expected)
    {
        var server = TestServers.Create("files", "http://localhost:9000/api/mcp");

        Assert.Equal(expected, new PublicUrls("http://localhost:9000", Caller, server.PublicPathOf).TranslatePath(target));
        Assert.Null(new PublicUrls("http://localhost:9000", Caller, path => path).TranslatePath(target));
    }

    [Theory]
    [InlineData("http://localhost:9000/token?x=1", "/token")]
    [InlineData("https://otter.example.com/token#x", "/token")]
    [InlineData("http://localhost:9000", "")]
    [InlineData("https://accounts.example.com/token", null)]
    public void Path_IsKnownWhereverItIsOurs(string url, string? expected)
    {
        Assert.Equal(expected, new PublicUrls("http://localhost:9000", Caller, path => path).PathOf(url));
    }
}
