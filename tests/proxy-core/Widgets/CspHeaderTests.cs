using Tunnel.ProxyCore.Widgets;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets;

public sealed class CspHeaderTests
{
    private static readonly CspSurroundings s_public = new()
    {
        PublicOrigin = CspSource.TryParse("https://otter.example.com", out var origin, out _) ? origin : null,
    };

    [Theory]
    [InlineData("img-src http://localhost:9000 data:", "img-src https://otter.example.com data:")]
    [InlineData("connect-src ws://localhost:9000 'self'", "connect-src wss://otter.example.com 'self'")]
    [InlineData("script-src 'self' 'nonce-abc'; unknown a b;report-uri /x", "script-src 'self' 'nonce-abc'; unknown a b;report-uri /x")]
    [InlineData("img-src https://cdn.example.com", "img-src https://cdn.example.com https://otter.example.com")]
    [InlineData("default-src 'self'", "default-src 'self'")]
    [InlineData("default-src 'none'; script-src 'self'", "default-src 'none'; script-src 'self'")]
    [InlineData(
        "frame-ancestors 'none'; form-action http://127.0.0.1:9000/x",
        "frame-ancestors 'none'; form-action https://otter.example.com"
    )]
    [InlineData("IMG-SRC *", "IMG-SRC *")]
    [InlineData("", "")]
    [InlineData("; ,", "; ,")]
    [InlineData("report-uri http://localhost:9000/x", "report-uri http://localhost:9000/x")]
    [InlineData("upgrade-insecure-requests; sandbox allow-scripts", "upgrade-insecure-requests; sandbox allow-scripts")]
    [InlineData("img-src http://localhost, font-src 'self'", "img-src https://otter.example.com, font-src 'self'")]
    public void Policy_SpeaksOfThePublicOrigin(string before, string after) =>
        Assert.Equal(after, new CspHeader(new CspOptions(), s_public, "/").Rewrite(before).TrimStart());

    [Theory]
    [InlineData("connect-src 'none'", "connect-src https://api.example.com https://otter.example.com")]
    [InlineData("default-src 'self'", "default-src 'self'; connect-src 'self' https://api.example.com")]
    [InlineData("img-src 'self'", "img-src 'self'")]
    public void ConfiguredDomain_IsAddedWhereItsKindIsRestricted(string before, string after) =>
        Assert.Equal(after, Rewrite(CspMode.Extend, before));

    [Theory]
    [InlineData("connect-src 'self' https://gone.example https:", "connect-src 'self' https://api.example.com")]
    public void Replace_LeavesKeywords(string before, string after) => Assert.Equal(after, Rewrite(CspMode.Replace, before));

    [Theory]
    [InlineData("frame-ancestors 'none'")]
    [InlineData("frame-ancestors")]
    public void WidgetsOfOurs_CanBeFramedByHosts(string before) =>
        Assert.Equal(
            "frame-ancestors https://chatgpt.com https://*.oaiusercontent.com https://claude.ai https://*.claudemcpcontent.com",
            new CspHeader(new CspOptions(), s_public with { ServesWidgets = true }, "/").Rewrite(before).TrimStart()
        );

    private static string Rewrite(CspMode mode, string before)
    {
        Assert.True(CspSource.TryParse("api.example.com", out var api, out _));
        var rule = new CspRule { Lists = CspRule.None.Lists.Add(CspDirective.Connect, new CspListRule(mode, [api])) };
        return new CspHeader(new CspOptions { Rules = [rule] }, s_public, "/").Rewrite(before).TrimStart();
    }
}
