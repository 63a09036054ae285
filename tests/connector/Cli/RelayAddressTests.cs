using Tunnel.Connector.Cli;
using Xunit;

namespace Tunnel.Connector.Tests.Cli;

public sealed class RelayAddressTests
{
    [Theory]
    [InlineData("https://tunnel.example.com", "https://tunnel.example.com/")]
    [InlineData("tunnel.example.com", "https://tunnel.example.com/")]
    [InlineData(" tunnel.example.com:8443/ ", "https://tunnel.example.com:8443/")]
    [InlineData("http://localhost:5100", "http://localhost:5100/")]
    [InlineData("HTTP://[::1]:5100", "http://[::1]:5100/")]
    public void Origin_IsUnderstood(string text, string expected)
    {
        var uri = RelayAddress.Parse(text, out var problem);

        Assert.Equal(expected, uri?.AbsoluteUri);
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("", "no address")]
    [InlineData("not an address", "no address")]
    [InlineData("https://", "no address")]
    [InlineData("tunnel.example.com:70000", "no address")]
    [InlineData("ftp://tunnel.example.com", "no address")]
    [InlineData("wss://tunnel.example.com", "no address")]
    [InlineData("https://tunnel.example.com/path", "more than")]
    [InlineData("https://tunnel.example.com?x=1", "more than")]
    [InlineData("https://tunnel.example.com/#x", "more than")]
    [InlineData("https://user@tunnel.example.com", "more than")]
    public void AnythingElse_IsRefusedWithTheReason(string text, string reason)
    {
        Assert.Null(RelayAddress.Parse(text, out var problem));

        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://tunnel.example.com", "wss://tunnel.example.com/_mcpr/data")]
    [InlineData("https://tunnel.example.com:8443", "wss://tunnel.example.com:8443/_mcpr/data")]
    [InlineData("http://localhost:5100", "ws://localhost:5100/_mcpr/data")]
    [InlineData("http://localhost", "ws://localhost/_mcpr/data")]
    public void WebSocket_KeepsHostPortAndSecurity(string relay, string expected)
    {
        Assert.Equal(expected, RelayAddress.WebSocket(new Uri(relay), "/_mcpr/data").AbsoluteUri);
    }
}
