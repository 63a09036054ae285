using Tunnel.ProxyCore.Access;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Access;

public sealed class OriginPatternTests
{
    [Theory]
    [InlineData("*", "https://any.example", true)]
    [InlineData("*", "null", true)]
    [InlineData("null", "null", true)]
    [InlineData("null", "https://any.example", false)]
    [InlineData("https://app.example.com", "https://app.example.com", true)]
    [InlineData("HTTPS://App.Example.com:443/", "https://app.example.com", true)]
    [InlineData("https://app.example.com", "http://app.example.com", false)]
    [InlineData("https://app.example.com", "https://app.example.com:8443", false)]
    [InlineData("https://app.example.com", "https://app.example.com.evil.example", false)]
    [InlineData("http://localhost:5173", "http://localhost:5173", true)]
    [InlineData("http://[::1]:5173", "http://[::1]:5173", true)]
    [InlineData("https://*.example.com", "https://a.example.com", true)]
    [InlineData("https://*.example.com", "https://a.b.example.com", true)]
    [InlineData("https://*.example.com", "https://example.com", false)]
    [InlineData("https://*.example.com", "https://.example.com", false)]
    [InlineData("https://*.example.com", "https://evil.test/.example.com", false)]
    [InlineData("https://*.example.com", "https://evilexample.com", false)]
    [InlineData("https://*.example.com:8443", "https://a.example.com:8443", true)]
    [InlineData("chrome-extension://abcdef", "chrome-extension://abcdef", true)]
    public void Origin_IsMatchedWhole(string pattern, string origin, bool matches)
    {
        Assert.True(OriginPattern.TryParse(pattern, out var parsed));
        Assert.Equal(matches, parsed.Matches(origin));
    }

    [Theory]
    [InlineData("")]
    [InlineData("app.example.com")]
    [InlineData("https://app.example.com/path")]
    [InlineData("https://app.example.com?x")]
    [InlineData("https://user@app.example.com")]
    [InlineData("https://app.*.com")]
    [InlineData("https://**.example.com")]
    [InlineData("https://*")]
    [InlineData("*.example.com")]
    public void WhatIsNoOrigin_IsRefused(string pattern)
    {
        Assert.False(OriginPattern.TryParse(pattern, out _));
    }
}
