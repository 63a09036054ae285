using Tunnel.Connector.Configuration;
using Tunnel.Connector.Hosting;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Hosting;

public sealed class DesktopServersTests
{
    [Fact]
    public void File_NamesProgramsAndAddresses()
    {
        const string Json = """
            { "mcpServers": {
              "My Files": { "command": "npx", "args": ["-y", "@scope/server"], "env": { "TOKEN": "t", "N": 1 } }, // a comment
              "web": { "url": "https://example.com/mcp" },
              "off": { "command": "x", "disabled": true },
              "out": { "command": "x", "enabled": false },
            }, "other": [] }
            """;

        var servers = Read(Json);

        Assert.Equal("my-files web", string.Join(' ', servers.Select(server => server.Name)));
        Assert.Equal("npx -y @scope/server", string.Join(' ', servers[0].Stdio!.Command));
        Assert.Equal("t 1", $"{servers[0].Stdio!.Variables["TOKEN"]} {servers[0].Stdio!.Variables["N"]}");
        Assert.Equal("https://example.com/mcp", servers[1].Urls.Single().AbsoluteUri);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"mcpServers":[]}""")]
    [InlineData("""{"mcpServers":{"a":{}}}""")]
    public void FileThatIsSomethingElse_IsRefused(string json)
    {
        Assert.Throws<InvalidDataException>(() => Read(json));
    }

    private static IReadOnlyList<ProxyCore.Servers.McpServerOptions> Read(string json)
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("servers.json");
        File.WriteAllText(path, json);
        using var settings = new LiveSettings(
            [],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["MCPR_SERVERS_FILE"] = path },
            new Dictionary<ConfigurationEntry, string>()
        );
        return DesktopServers.Read(settings.Current);
    }
}
