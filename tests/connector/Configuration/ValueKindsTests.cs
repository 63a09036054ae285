using Tunnel.Connector.Configuration;
using Xunit;

namespace Tunnel.Connector.Tests.Configuration;

public sealed class ValueKindsTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.0/24")]
    [InlineData("192.0.2.7", "192.0.2.7/32")]
    [InlineData("192.0.2.7/24", "192.0.2.0/24")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("::1", "::1/128")]
    [InlineData("2001:db8::7/32", "2001:db8::/32")]
    [InlineData("::ffff:192.0.2.7/120", "192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7/32")]
    [InlineData("10.0.0.0/8, ::1", "10.0.0.0/8,::1/128")]
    public void Networks_AreReadAsPeopleWriteThem(string text, string networks)
    {
        Assert.True(ValueKinds.Networks.Parse(text, out var value, out _));
        Assert.Equal(networks, string.Join(',', value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("::ffff:10.0.0.0/8")]
    [InlineData("example.com")]
    [InlineData("10.0.0.1, nobody")]
    public void WhatIsNoNetwork_IsRefused(string text)
    {
        Assert.NotNull(ValueKinds.Networks.FindProblem(text));
    }

    [Theory]
    [InlineData("a.example", true)]
    [InlineData("https://a.example, b.example:8443", true)]
    [InlineData("http://localhost:5100, http://localhost:5200", true)]
    [InlineData("https://a.example, http://a.example", false)]
    [InlineData("", false)]
    public void Relays_AreAllWithTlsOrAllWithout(string text, bool areRelays)
    {
        Assert.Equal(areRelays, ValueKinds.Relays.FindProblem(text) is null);
    }

    [Theory]
    [InlineData("X-Total, *", true)]
    [InlineData("X Total", false)]
    [InlineData("X-Total:", false)]
    [InlineData("a\r\nb", false)]
    public void Names_AreTokens(string text, bool areNames)
    {
        Assert.Equal(areNames, ValueKinds.Names.FindProblem(text) is null);
    }
}
