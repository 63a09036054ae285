using Microsoft.AspNetCore.Http;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Hosts;
using Xunit;

namespace Tunnel.Relay.Tests.Hosts;

public sealed class HostClassifierTests
{
    private readonly HostClassifier _hosts = new(new RelayOptions { Domain = "Tunnel.Example.com" }, new DomainRoutes());

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
            new RelayOptions { Domain = "tunnel.example.com", NodeUrl = new Uri("https://node-7.tunnel.example.com") },
            new DomainRoutes()
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

    [Theory]
    [InlineData("mcp.example.org", true)]
    [InlineData("MCP.example.ORG:8443", true)]
    [InlineData("mcp.example.org.", true)]
    [InlineData("mcp.example.org..", false)]
    [InlineData("a.mcp.example.org", false)]
    [InlineData("xmcp.example.org", false)]
    [InlineData("example.org", false)]
    public void ProvedDomain_IsTheTunnelOfItsName(string host, bool isIt)
    {
        var domains = new DomainRoutes();
        var claim = new DomainClaim
        {
            Domain = "mcp.example.org",
            OwnerId = "token:alice",
            Name = "otter",
            Challenge = "proof",
        };
        domains.Replace(new DomainSnapshot(1, [claim]));
        HostClassifier hosts = new(new RelayOptions { Domain = "tunnel.example.com" }, domains);

        Assert.Equal(isIt ? RequestedHost.OwnDomain(claim) : RequestedHost.Foreign, hosts.Classify(new HostString(host)));
    }

    [Theory]
    [InlineData("tunnel.example.com", true)]
    [InlineData("a.b.TUNNEL.example.com", true)]
    [InlineData("xtunnel.example.com", false)]
    [InlineData("example.com", false)]
    public void DomainsOfTheRelay_AreNobodyElses(string domain, bool isOurs)
    {
        Assert.Equal(isOurs, _hosts.IsOurs(domain));
    }
}
