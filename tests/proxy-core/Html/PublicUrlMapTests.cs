using System.Text;
using Tunnel.ProxyCore.Html;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Html;

public sealed class PublicUrlMapTests
{
    [Theory]
    [InlineData("http://localhost:5173/a.js?x#y", "https://pub.example/a.js?x#y")]
    [InlineData("HTTP://LocalHost:5173", "https://pub.example")]
    [InlineData("http://127.0.0.1:5173/a", "https://pub.example/a")]
    [InlineData("http://[::1]:5173/a", "https://pub.example/a")]
    [InlineData("http:\\\\localhost:5173\\a", "https://pub.example\\a")]
    [InlineData("http:////localhost:5173/a", "https://pub.example/a")]
    [InlineData("//localhost:5173/a", "https://pub.example/a")]
    [InlineData("ws://localhost:5173/hmr?token=1", "wss://pub.example/hmr?token=1")]
    [InlineData("http://localhost:5173?a", "https://pub.example?a")]
    public void LocalOrigin_BecomesThePublicOne(string url, string expected)
    {
        Assert.Equal(expected, Map(url, makesAbsolute: false));
        Assert.Equal(expected, Map(url, makesAbsolute: true));
    }

    [Theory]
    [InlineData("/x.js", "https://pub.example/x.js")]
    [InlineData("x.js", "https://pub.example/base/dir/x.js")]
    [InlineData("./x.js", "https://pub.example/base/dir/x.js")]
    [InlineData("../x.js", "https://pub.example/base/x.js")]
    [InlineData("../../../../x.js", "https://pub.example/x.js")]
    [InlineData("./../.././x/../y", "https://pub.example/x/../y")]
    [InlineData("..", "https://pub.example/base/")]
    [InlineData(".?a", "https://pub.example/base/dir/?a")]
    [InlineData("?a=1", "https://pub.example/base/dir/index.html?a=1")]
    public void RelativeUrl_BecomesAbsoluteWhereWanted(string url, string expected)
    {
        Assert.Equal(expected, Map(url, makesAbsolute: true));
        Assert.Null(Map(url, makesAbsolute: false));
    }

    [Theory]
    [InlineData("https://localhost:5173/a")]
    [InlineData("http://localhost:5174/a")]
    [InlineData("http://localhost/a")]
    [InlineData("http://localhost:5173.evil.example/a")]
    [InlineData("http://localhost:5173@evil.example/a")]
    [InlineData("http://me@localhost:5173/a")]
    [InlineData("//cdn.example/a")]
    [InlineData("https://cdn.example/?u=http://localhost:5173/a")]
    [InlineData("http:x")]
    public void ForeignUrl_StaysAsItIs(string url) => Assert.Null(Map(url, makesAbsolute: true));

    [Fact]
    public void NoPublicOrigin_NothingChanges()
    {
        var map = new PublicUrlMap(new Uri("http://localhost:5173/"), ["http://localhost:5173"], publicOrigin: null, makesAbsolute: true);

        Assert.Null(map.Map("http://localhost:5173/a"u8));
        Assert.Null(map.Map("/a"u8));
        Assert.Null(map.Under("/b/"u8).Map("/a"u8));
    }

    [Fact]
    public void DefaultPort_MayBeWrittenOrNot()
    {
        var map = new PublicUrlMap(
            new Uri("http://widgets.test/"),
            ["http://widgets.test"],
            "http://pub.example:8080",
            makesAbsolute: true
        );

        Assert.Equal("http://pub.example:8080/a", Text(map.Map("http://widgets.test/a"u8)));
        Assert.Equal("http://pub.example:8080/a", Text(map.Map("http://widgets.test:80/a"u8)));
        Assert.Equal("ws://pub.example:8080/a", Text(map.Map("ws://widgets.test/a"u8)));
        Assert.Null(map.Map("http://localhost/a"u8));
    }

    [Theory]
    [InlineData("/b/c", "https://pub.example/b/x")]
    [InlineData("c/", "https://pub.example/base/dir/c/x")]
    [InlineData("http://[::1]:5173/b/", "https://pub.example/b/x")]
    [InlineData("https://cdn.example/", null)]
    [InlineData("data:,", "https://pub.example/base/dir/x")]
    [InlineData("http://[", "https://pub.example/base/dir/x")]
    public void Base_IsWhereRelativeUrlsStart(string baseUrl, string? expected)
    {
        var under = Create(makesAbsolute: true).Under(Encoding.UTF8.GetBytes(baseUrl));

        Assert.Equal(expected, Text(under.Map("x"u8)));
    }

    private static PublicUrlMap Create(bool makesAbsolute) =>
        new(new Uri("http://localhost:5173/base/dir/index.html?q"), ["http://localhost:5173"], "https://pub.example", makesAbsolute);

    private static string? Map(string url, bool makesAbsolute) => Text(Create(makesAbsolute).Map(Encoding.UTF8.GetBytes(url)));

    private static string? Text(byte[]? url) => url is null ? null : Encoding.UTF8.GetString(url);
}
