using Tunnel.Relay.Domains;
using Xunit;

namespace Tunnel.Relay.Tests.Domains;

public sealed class DomainNameTests
{
    [Theory]
    [InlineData("mcp.example.com", "mcp.example.com")]
    [InlineData("MCP.Example.COM.", "mcp.example.com")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("a.b", "a.b")]
    [InlineData("1.2.3.example", "1.2.3.example")]
    public void HostName_HasOneSpelling(string written, string domain)
    {
        Assert.Equal(domain, DomainName.Normalize(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("example")]
    [InlineData("example.com..")]
    [InlineData(".example.com")]
    [InlineData("mcp..example.com")]
    [InlineData("-mcp.example.com")]
    [InlineData("mcp-.example.com")]
    [InlineData("m_cp.example.com")]
    [InlineData("*.example.com")]
    [InlineData("bücher.example")]
    [InlineData("192.0.2.7")]
    [InlineData("example.com:443")]
    [InlineData("example.com/mcp")]
    [InlineData("exam ple.com")]
    [InlineData("example.com\n")]
    public void AnythingElse_IsNone(string written)
    {
        Assert.Null(DomainName.Normalize(written));
    }

    [Fact]
    public void Proof_HasRoomInFrontOfTheLongestName()
    {
        var label = new string('a', 63);
        var longest = $"{label}.{label}.{label}.{new string('b', 253 - DomainName.ProofLabel.Length - 1 - (3 * 64))}";

        Assert.Equal(longest, DomainName.Normalize(longest));
        Assert.Null(DomainName.Normalize("b" + longest));
        Assert.Null(DomainName.Normalize($"a{label}.example"));
    }
}
