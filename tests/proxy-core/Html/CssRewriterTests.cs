using Tunnel.ProxyCore.Html;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Html;

public sealed class CssRewriterTests
{
    private static readonly PublicUrlMap s_map = new(
        new Uri("http://localhost:5173/css/a.css"),
        ["http://localhost:5173"],
        "https://pub.example",
        makesAbsolute: true
    );

    [Theory]
    [InlineData("a{b:url(x.png)}", "a{b:url(https://pub.example/css/x.png)}")]
    [InlineData("a{b:URL( \t/x.png\n )}", "a{b:URL( \thttps://pub.example/x.png\n )}")]
    [InlineData("a{b:url(\"/x.png\")}", "a{b:url(\"https://pub.example/x.png\")}")]
    [InlineData("a{b:url( '/x.png' )}", "a{b:url( 'https://pub.example/x.png' )}")]
    [InlineData("a{b:url(/a),url(/b)}", "a{b:url(https://pub.example/a),url(https://pub.example/b)}")]
    [InlineData("@import \"/a.css\" print;b{c:\"/d\"}", "@import \"https://pub.example/a.css\" print;b{c:\"/d\"}")]
    [InlineData("@IMPORT/**/'/a.css';", "@IMPORT/**/'https://pub.example/a.css';")]
    [InlineData("@import url(/a.css) supports(a:\"/b\");", "@import url(https://pub.example/a.css) supports(a:\"/b\");")]
    [InlineData(
        "a{b:image-set(\"/a\" 1x type(\"/b\"),url(/c) 2x,url('/d'),'/e')}c{d:'/f'}",
        "a{b:image-set(\"https://pub.example/a\" 1x type(\"/b\"),url(https://pub.example/c) 2x,url('https://pub.example/d'),'https://pub.example/e')}c{d:'/f'}"
    )]
    [InlineData("a{b:-webkit-image-set('/a' 1x)}", "a{b:-webkit-image-set('https://pub.example/a' 1x)}")]
    [InlineData("a{b:url(/a\\)b\\28 c)}", "a{b:url(https://pub.example/a\\)b\\28 c)}")]
    [InlineData("a{b:url('\\2fx\\'y\\\n')}", "a{b:url('https://pub.example\\2fx\\'y\\\n')}")]
    [InlineData("a{b:url(\\2f x)}", "a{b:url(https://pub.example\\2f x)}")]
    [InlineData("a{b:url(/x", "a{b:url(https://pub.example/x")]
    [InlineData("@import '/x", "@import 'https://pub.example/x")]
    public void Url_IsMapped(string css, string expected) => Assert.Equal(expected, Pieces.Css(css, s_map));

    [Theory]
    [InlineData("/* url(/a) */ a{}")]
    [InlineData("a{b:'url(/a)'}")]
    [InlineData("a{b:'\\'url(/a)'}")]
    [InlineData("a{b:'\\\r\nurl(/a)'}")]
    [InlineData("a{b:my-url(/a) #url(/a) 1url(/a) \\75url(/a) u/**/rl(/a)}")]
    [InlineData("@namespace url(/a);@namespace x '/b';")]
    [InlineData("a{b:url(/a b) url(/a\"b) url(a(b)}")]
    [InlineData("a{b:url(data:image/png;base64,AAAA) url(#a) url() url('')}")]
    [InlineData("a{content:'/a'}@charset '/a';")]
    [InlineData("a{b:url(")]
    public void WhatIsNoUrl_StaysAsItIs(string css) => Assert.Equal(css, Pieces.Css(css, s_map));

    [Theory]
    [InlineData("a{b:'x\nc:url(/a)}", "a{b:'x\nc:url(https://pub.example/a)}")]
    [InlineData("a{b:url(a(b);c:url(/e)}", "a{b:url(a(b);c:url(https://pub.example/e)}")]
    [InlineData("a{b:url(a b\\)c)d:url(/e)}", "a{b:url(a b\\)c)d:url(https://pub.example/e)}")]
    [InlineData("/***/a{b:url(/c)}", "/***/a{b:url(https://pub.example/c)}")]
    public void BrokenCss_GoesOnWhereABrowserDoes(string css, string expected) => Assert.Equal(expected, Pieces.Css(css, s_map));
}
