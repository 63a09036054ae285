using Tunnel.ProxyCore.Widgets.Sources;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets.Sources;

public sealed class SandboxOriginTests
{
    [Theory]
    [InlineData("https://web-sandbox.oaiusercontent.com", true)]
    [InlineData("https://www-example-com.web-sandbox.oaiusercontent.com", true)]
    [InlineData("https://0123456789abcdef0123456789abcdef.claudemcpcontent.com", true)]
    [InlineData("http://web-sandbox.oaiusercontent.com", false)]
    [InlineData("https://web-sandbox.oaiusercontent.com:8443", false)]
    [InlineData("https://web-sandbox.oaiusercontent.com.evil.example", false)]
    [InlineData("https://evilclaudemcpcontent.com", false)]
    [InlineData("https://oaiusercontent.com", false)]
    [InlineData("https://x@web-sandbox.oaiusercontent.com", false)]
    [InlineData("https://web-sandbox.oaiusercontent.com/x", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void Host_IsKnownByItsWholeName(string origin, bool expected)
    {
        Assert.Equal(expected, SandboxOrigin.IsOfHost(origin));
    }
}
