using Microsoft.AspNetCore.Http;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Hosts;
using Xunit;

namespace Tunnel.Relay.Tests.Hosts;

public sealed class HostClassifierTests
{
    private readonly HostClassifier _hosts = new(new RelayOptions { Domain = "Tunnel.Example.com" });

    [Theory]
    [InlineData("tunnel.example.com")]
    [InlineData("TUNNEL.example.COM")]
    [InlineData("tunnel.example.com:8443")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:5100")]
    [InlineData("[::1]")]
    [InlineData("[::1]:5100")]
    public void OwnDomainOrAddress_IsTheRelay(string host)
    {
        Assert.Equal(RequestedHost.Relay, _hosts.Classify(new HostString(host)));
    }

    [Fact]
    public void NodeUrlBelowTheDomain_IsTheRelay()
    {
        HostClassifier node = new(
            new RelayOptions { Domain = "tunnel.example.com", NodeUrl = new Uri("https://node-7.tunnel.example.com") }
        );

        Assert.Equal(RequestedHost.Relay, node.Classify(new HostString("Node-7.tunnel.example.com")));
        Assert.Equal(RequestedHost.Tunnel("node-8"), node.Classify(new HostString("node-8.tunnel.example.com")));
    }

    [Theory]
    [InlineData("otter.tunnel.example.com", "otter")]
    [InlineData("Brave-OTTER.Tunnel.example.com:443", "brave-otter")]
    [InlineData("www.tunnel.example.com", "www")]
    public void OneLabelBelow_IsATunnel(string host, string name)
    {
        Assert.Equal(RequestedHost.Tunnel(name), _hosts.Classify(new HostString(host)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("evil.example")]
    [InlineData(".tunnel.example.com")]
    [InlineData("a.b.tunnel.example.com")]
    [InlineData("xtunnel.example.com")]
    [InlineData("x-tunnel.example.com")]
    [InlineData("otter.tunnel.example.com.evil.example")]
    [InlineData("otter.tunnel.example.com.")]
    [InlineData("otter.tunnelxexample.com")]
    public void AnythingElse_IsForeign(string host)
    {
        Assert.Equal(RequestedHost.Foreign, _hosts.Classify(new HostString(host)));
    }
}
