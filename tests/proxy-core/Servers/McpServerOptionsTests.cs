using Tunnel.ProxyCore.Servers;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Servers;

public sealed class McpServerOptionsTests
{
    [Theory]
    [InlineData("a", "http://localhost:9000/mcp", null)]
    [InlineData(null, "https://mcp.example.com/", null)]
    [InlineData("0-a_b", "http://localhost:1/", null)]
    [InlineData("a", "http://localhost:1/mcp http://localhost:2/mcp", null)]
    [InlineData("A", "http://localhost:1/mcp", "'A' is no name of a server")]
    [InlineData("", "http://localhost:1/mcp", "'' is no name of a server")]
    [InlineData("-a", "http://localhost:1/mcp", "'-a' is no name of a server")]
    [InlineData("a/b", "http://localhost:1/mcp", "'a/b' is no name of a server")]
    [InlineData("sse", "http://localhost:1/mcp", "'sse' is the path of something else")]
    [InlineData("a", "", "the server 'a' has no URL")]
    [InlineData(null, "ftp://localhost/", "the server without a name must have absolute http or https URLs")]
    [InlineData("a", "http://localhost:1/mcp http://localhost:2/sse", "the server 'a' must have the same path in all its URLs")]
    public void Problems_AreTold(string? name, string urls, string? problem)
    {
        var options = new McpServerOptions
        {
            Name = name,
            Urls = [.. urls.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(url => new Uri(url))],
        };

        if (problem is null)
        {
            Assert.Empty(options.FindProblems());
        }
        else
        {
            Assert.StartsWith(problem, Assert.Single(options.FindProblems()), StringComparison.Ordinal);
        }
    }
}
