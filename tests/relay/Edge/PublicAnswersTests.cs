using Microsoft.AspNetCore.Http;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Edge;
using Xunit;

namespace Tunnel.Relay.Tests.Edge;

public sealed class PublicAnswersTests
{
    private readonly PublicAnswers _answers = new(new RelayOptions { Domain = "tunnel.example.com" });

    [Theory]
    [InlineData("a=1", true)]
    [InlineData("a=1; Path=/; Secure; HttpOnly", true)]
    [InlineData("a=1; Domain=otter.tunnel.example.com", true)]
    [InlineData("a=1; Domain=", true)]
    [InlineData("a=Domain=tunnel.example.com", true)]
    [InlineData("domain=tunnel.example.com", true)]
    // Somebody else's; browsers refuse it.
    [InlineData("a=1; Domain=nel.example.com", true)]
    [InlineData("a=1; Domain=tunnel.example.com", false)]
    [InlineData("a=1; Domain=.tunnel.example.com", false)]
    [InlineData("a=1;DOMAIN = Tunnel.Example.COM ; Path=/", false)]
    [InlineData("a=1; Domain=tunnel.example.com.", false)]
    [InlineData("a=1; Domain=example.com", false)]
    [InlineData("a=1; Domain=com", false)]
    [InlineData("a=1; Domain=otter.tunnel.example.com; Domain=example.com", false)]
    [InlineData("a=1; Domain=example.com; Domain=otter.tunnel.example.com", false)]
    public void CookieForTheSharedDomain_IsDropped(string cookie, bool stays)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        headers.SetCookie = new[] { "first=1", cookie, "last=1" };

        _answers.Finish(headers);

        string[] expected = stays ? ["first=1", cookie, "last=1"] : ["first=1", "last=1"];
        Assert.Equal(expected, headers.SetCookie.ToArray());
    }

    [Fact]
    public void HeaderWithNothingLeft_IsGone()
    {
        var headers = new HeaderDictionary { ["Set-Cookie"] = "a=1; Domain=example.com" };

        _answers.Finish(headers);

        Assert.False(headers.ContainsKey("Set-Cookie"));
    }

    [Fact]
    public void SearchEngines_AreKeptOutUnlessTheServerSaysOtherwise()
    {
        var silent = new HeaderDictionary();
        var outspoken = new HeaderDictionary { ["X-Robots-Tag"] = "all" };

        _answers.Finish(silent);
        _answers.Finish(outspoken);

        Assert.Equal(("noindex", "all"), (silent["X-Robots-Tag"].ToString(), outspoken["X-Robots-Tag"].ToString()));
    }
}
