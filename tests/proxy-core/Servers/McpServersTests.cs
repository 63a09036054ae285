using Tunnel.ProxyCore.Servers;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Servers;

public sealed class McpServersTests
{
    [Theory]
    [InlineData("/files/mcp", "files")]
    [InlineData("/files", "files")]
    [InlineData("/notes/", "notes")]
    [InlineData("/.well-known/oauth-protected-resource/notes/mcp", "notes")]
    [InlineData("/.well-known/oauth-authorization-server/files", "files")]
    [InlineData("/", null)]
    [InlineData("/mcp", null)]
    [InlineData("/filesystem/mcp", null)]
    [InlineData("/Files/mcp", null)]
    [InlineData("//files/mcp", null)]
    [InlineData("/%66iles/mcp", null)]
    [InlineData("/.well-known/", null)]
    [InlineData("/.well-known/oauth-protected-resource", null)]
    [InlineData("/.well-known/oauth-protected-resource/", null)]
    [InlineData("/.well-known/oauth-protected-resource/mcp", null)]
    public void Path_BelongsToTheServerOfItsName(string path, string? expected)
    {
        (string?, string)[] named = [("files", "http://localhost:9001/mcp"), ("notes", "http://localhost:9002/mcp")];
        using var all = TestServers.Create([(null, "http://localhost:9000/mcp"), .. named]);
        using var onlyNamed = TestServers.Create(named);

        Assert.Equal(expected, all.Find(path)!.Name);
        Assert.Equal(expected, onlyNamed.Find(path)?.Name);
    }

    [Fact]
    public void Names_AreThereForThoseWhoMissed()
    {
        using var servers = TestServers.Create(("notes", "http://localhost:9002/mcp"), ("files", "http://localhost:9001/mcp"));

        Assert.Equal("files, notes", servers.Names);
    }

    [Theory]
    [InlineData("/weather/mcp?x", "/api/mcp?x")]
    [InlineData("/weather/mcp/sse", "/sse")]
    [InlineData("/weather/mcp/authorize", "/authorize")]
    [InlineData("/.well-known/oauth-protected-resource/weather/mcp", "/.well-known/oauth-protected-resource/api/mcp")]
    [InlineData("/.well-known/oauth-authorization-server/weather/mcp", "/.well-known/oauth-authorization-server")]
    public void MappedServer_HasThePathsBelowItsOwn(string target, string expected)
    {
        using var servers = TestServers.Create();
        var server = servers.Map(new McpServerOptions { Urls = [new Uri("http://localhost:9000/api/mcp")] }, "/weather/mcp");

        Assert.Equal(expected, server.TargetOf(target, message: null));
        Assert.Equal(("/weather/mcp", "/weather/mcp/token"), (server.PublicPathOf("/api/mcp"), server.PublicPathOf("/token")));
        Assert.Null(servers.Find("/weather/mcp"));
    }
}
