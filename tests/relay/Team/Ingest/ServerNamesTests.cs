using Tunnel.Relay.Team.Ingest;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Ingest;

public sealed class ServerNamesTests
{
    [Theory]
    [InlineData(null, "shop")]
    [InlineData("", "shop")]
    [InlineData("localhost:9000", "shop")]
    [InlineData("[::1]:9000", "shop")]
    [InlineData("mcp.example.com", "shop")]
    [InlineData("localhost", "shop")]
    [InlineData("server", "shop")]
    [InlineData("shop", "shop")]
    [InlineData("files", "shop/files")]
    [InlineData("my_files-2", "shop/my_files-2")]
    public void Server_HasItsNameBehindThatOfTheSender(string? server, string expected)
    {
        Assert.Equal(expected, ServerNames.Of("shop", server));
    }
}
