using Tunnel.Connector.Cli;
using Xunit;

namespace Tunnel.Connector.Tests.Cli;

public sealed class UpstreamAddressTests
{
    [Theory]
    [InlineData("9000", "http://localhost:9000/mcp")]
    [InlineData(" 9000 ", "http://localhost:9000/mcp")]
    [InlineData(":9000", "http://localhost:9000/mcp")]
    [InlineData("9000/sse", "http://localhost:9000/sse")]
    [InlineData(":9000/sse", "http://localhost:9000/sse")]
    [InlineData("65535", "http://localhost:65535/mcp")]
    [InlineData("localhost", "http://localhost/mcp")]
    [InlineData("localhost:9000", "http://localhost:9000/mcp")]
    [InlineData("localhost:9000/", "http://localhost:9000/mcp")]
    [InlineData("localhost:9000/x", "http://localhost:9000/x")]
    [InlineData("localhost:9000/x/", "http://localhost:9000/x/")]
    [InlineData("127.0.0.1:9000", "http://127.0.0.1:9000/mcp")]
    [InlineData("[::1]:9000", "http://[::1]:9000/mcp")]
    [InlineData("[::1]:9000/x", "http://[::1]:9000/x")]
    [InlineData("http://host:1", "http://host:1/mcp")]
    [InlineData("http://host:1/path", "http://host:1/path")]
    [InlineData("http://host:1/a%2Fb", "http://host:1/a%2Fb")]
    [InlineData("HTTPS://Host.example", "https://host.example/mcp")]
    [InlineData("https://host.example:443/v1/mcp", "https://host.example/v1/mcp")]
    public void AddressInAnyWriting_IsUnderstood(string text, string expected)
    {
        var uri = UpstreamAddress.Parse(text, out var problem);

        Assert.Equal(expected, uri?.AbsoluteUri);
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("", "no address")]
    [InlineData(" ", "no address")]
    [InlineData(":", "no address")]
    [InlineData("/mcp", "no address")]
    [InlineData("not an address", "no address")]
    [InlineData("http://", "no address")]
    [InlineData("70000", "no address")]
    [InlineData("65536/mcp", "no address")]
    [InlineData(":70000", "no address")]
    [InlineData("localhost:70000", "no address")]
    [InlineData("localhost:port", "no address")]
    [InlineData("::1", "no address")]
    [InlineData("ftp://localhost/x", "scheme ftp")]
    [InlineData("ws://localhost:9000", "scheme ws")]
    [InlineData("http://user:secret@localhost:9000", "password")]
    [InlineData("user@localhost:9000", "password")]
    [InlineData("localhost:9000/mcp?key=1", "query")]
    [InlineData("localhost:9000?key=1", "query")]
    [InlineData("http://localhost:9000/mcp#top", "fragment")]
    public void AnythingElse_IsRefusedWithTheReason(string text, string reason)
    {
        Assert.Null(UpstreamAddress.Parse(text, out var problem));

        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_DoesNotRepeatAPassword()
    {
        UpstreamAddress.Parse("http://user:hunter2@localhost:9000", out var problem);

        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }
}
