using Tunnel.ProxyCore.Widgets;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets;

public sealed class CspSourceTests
{
    [Theory]
    [InlineData("https://API.Example.com", "https://api.example.com")]
    [InlineData("HTTPS://api.example.com:443/", "https://api.example.com")]
    [InlineData("api.example.com", "https://api.example.com")]
    [InlineData("api.example.com:8443", "https://api.example.com:8443")]
    [InlineData("http://api.example.com:80", "http://api.example.com")]
    [InlineData("http://api.example.com:443", "http://api.example.com:443")]
    [InlineData("wss://live.example.com:443", "wss://live.example.com")]
    [InlineData("https://*.example.com", "https://*.example.com")]
    [InlineData("*.example.com", "https://*.example.com")]
    [InlineData("https://cdn.example.com/assets/", "https://cdn.example.com/assets/")]
    [InlineData("https://cdn.example.com/a?b=1#c", "https://cdn.example.com/a")]
    [InlineData("https://api.example.com:*", "https://api.example.com:*")]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example")]
    [InlineData("https://example.com.", "https://example.com")]
    [InlineData(" https://example.com ", "https://example.com")]
    [InlineData("http://[::1]:5173", "http://[::1]:5173")]
    [InlineData("http://2130706433", "http://127.0.0.1")]
    [InlineData("http://127.1:3000", "http://127.0.0.1:3000")]
    public void Source_HasOneSpelling(string written, string spelling)
    {
        Assert.True(CspSource.TryParse(written, out var source, out _));

        Assert.Equal(spelling, source.ToString());
        Assert.True(CspSource.TryParse(spelling, out var again, out _));
        Assert.Equal(source, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("https://a.example https://b.example")]
    [InlineData("https://a.example;script-src *")]
    [InlineData("https://a.example,https://b.example")]
    [InlineData("'unsafe-inline'")]
    [InlineData("'self'")]
    [InlineData("'nonce-abc'")]
    [InlineData("https://a.example\r\nX: y")]
    [InlineData("https://a.example\t")]
    [InlineData("https://a.example\u00a0")]
    [InlineData("https://a.example\u0000")]
    [InlineData("https://\"a\".example")]
    [InlineData("javascript://a.example")]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:")]
    [InlineData("https://user@a.example")]
    [InlineData("https://")]
    [InlineData("https://a..example")]
    [InlineData("https://a.example:0")]
    [InlineData("https://a.example:65536")]
    [InlineData("https://a.example:http")]
    [InlineData("https://a.*.example")]
    [InlineData("https://*")]
    [InlineData("https://*.10.0.0.1")]
    [InlineData("https://[::zz]")]
    [InlineData("https://1.2.3.4.5")]
    public void NoSource_IsRefusedWithAReason(string written)
    {
        Assert.False(CspSource.TryParse(written, out _, out var problem));

        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("http://localhost:5173", true)]
    [InlineData("LOCALHOST:5173", true)]
    [InlineData("http://127.8.9.1", true)]
    [InlineData("http://[::1]", true)]
    [InlineData("http://[::ffff:127.0.0.1]", true)]
    [InlineData("http://0.0.0.0:80", true)]
    [InlineData("http://0x7f000001", true)]
    [InlineData("https://localhost-tools.dev", false)]
    [InlineData("https://my.localhost.example.com", false)]
    [InlineData("https://127.0.0.1.nip.io", false)]
    [InlineData("https://10.0.0.5", false)]
    public void Loopback_IsToldByTheWholeHost(string written, bool isLoopback)
    {
        Assert.True(CspSource.TryParse(written, out var source, out _));

        Assert.Equal(isLoopback, source.IsLoopback);
    }

    [Fact]
    public void RandomTexts_AreRefusedOrBecomeOneHarmlessToken()
    {
        var random = new Random(42);
        const string Alphabet = "abz019.-_:/*[]%@?#;, '\"\\\t\r\n\u00fc\u2028\ud800https";
        for (var i = 0; i < 20_000; i++)
        {
            var text =
                (i % 2 == 0 ? "https://" : "")
                + string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            if (CspSource.TryParse(text, out var source, out _))
            {
                Assert.Matches(@"^(https?|wss?)://[a-z0-9.\-_*\[\]:]+(:(\*|[0-9]+))?(/[^\s;,'""]*)?$", source.ToString());
            }
        }
    }
}
