using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Access;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Access;

public sealed class AllowedHostsTests
{
    private readonly AllowedHosts _hosts = new(["App.example.com", "192.0.2.7", "[2001:db8::7]"]);

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:3000", true)]
    [InlineData("app.localhost:3000", true)]
    [InlineData("127.0.0.1:3000", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("[::1]:3000", true)]
    [InlineData("app.example.com", true)]
    [InlineData("APP.example.com:8443", true)]
    [InlineData("192.0.2.7:3000", true)]
    [InlineData("[2001:db8:0::7]:3000", true)]
    [InlineData("", false)]
    [InlineData("example.com", false)]
    [InlineData("evil.app.example.com", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("0.0.0.0:3000", false)]
    [InlineData("192.0.2.8", false)]
    [InlineData("[::]", false)]
    public void Host_IsLoopbackOrGiven(string host, bool isAllowed)
    {
        Assert.Equal(isAllowed, _hosts.Allows(new HostString(host)));
    }

    [Theory]
    [InlineData("http://localhost:6274", true)]
    [InlineData("https://127.0.0.1", true)]
    [InlineData("http://[::1]:3000", true)]
    [InlineData("https://app.example.com", true)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData("localhost", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("https://localhost.evil.example", false)]
    [InlineData("https://localhost@evil.example", false)]
    [InlineData("file://localhost", false)]
    [InlineData("chrome-extension://localhost", false)]
    public void Origin_IsOfSuchAHost(string origin, bool isAllowed)
    {
        Assert.Equal(isAllowed, _hosts.AllowsOrigin(origin));
    }
}
