using System.Text;
using Tunnel.ProxyCore.Html;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Html;

public sealed class HtmlRewriterTests
{
    private static readonly PublicUrlMap s_map = new(
        new Uri("http://localhost:5173/app/index.html"),
        ["http://localhost:5173"],
        "https://pub.example",
        makesAbsolute: true
    );

    [Theory]
    [InlineData("<img src=/a.png>", "<img src=https://pub.example/a.png>")]
    [InlineData("<IMG ALT=x SRC='a.png'/>", "<IMG ALT=x SRC='https://pub.example/app/a.png'/>")]
    [InlineData("<img src = \" ./a.png\n\">", "<img src = \" https://pub.example/app/a.png\n\">")]
    [InlineData(
        "<script src=\"/src/main.tsx\" type=module></script>",
        "<script src=\"https://pub.example/src/main.tsx\" type=module></script>"
    )]
    [InlineData("<link rel=stylesheet href=/a.css>", "<link rel=stylesheet href=https://pub.example/a.css>")]
    [InlineData(
        "<form action=go><button formaction=/x></form>",
        "<form action=https://pub.example/app/go><button formaction=https://pub.example/x></form>"
    )]
    [InlineData(
        "<video poster=/p.jpg><source src=/v.mp4>",
        "<video poster=https://pub.example/p.jpg><source src=https://pub.example/v.mp4>"
    )]
    [InlineData("<object data=/o.svg></object>", "<object data=https://pub.example/o.svg></object>")]
    [InlineData("<body background=/b.png>", "<body background=https://pub.example/b.png>")]
    [InlineData("<html manifest=/m>", "<html manifest=https://pub.example/m>")]
    [InlineData("<svg><use xlink:href=/i.svg#a></svg>", "<svg><use xlink:href=https://pub.example/i.svg#a></svg>")]
    [InlineData("<svg><use href='/i.svg#a'/></svg>", "<svg><use href='https://pub.example/i.svg#a'/></svg>")]
    [InlineData("<img srcset='/a.png, b.png 2x'>", "<img srcset='https://pub.example/a.png, https://pub.example/app/b.png 2x'>")]
    [InlineData("<link imagesrcset=/a.png>", "<link imagesrcset=https://pub.example/a.png>")]
    [InlineData("<template><img src=/a.png></template>", "<template><img src=https://pub.example/a.png></template>")]
    public void UrlInAttribute_IsMapped(string html, string expected) => Assert.Equal(expected, Pieces.Html(html, s_map));

    [Theory]
    [InlineData("<script>x = '<img src=/a.png>'</script>")]
    [InlineData("<script><!--<script></script><img src=/a.png>--></script>")]
    [InlineData("<script type=application/json>{\"a\":\"<a href=/x>\"}</script >")]
    [InlineData("<!-- <img src=/a.png> -->")]
    [InlineData("<!--> --!><!-- <a href=/x> --!>")]
    [InlineData("<textarea><img src=/a.png></textarea>")]
    [InlineData("<title><img src=/a.png></title>")]
    [InlineData("<noscript><img src=/a.png></noscript>")]
    [InlineData("<iframe><img src=/a.png></iframe>")]
    [InlineData("<xmp><img src=/a.png></xmpp><img src=/a.png></xmp>")]
    [InlineData("<plaintext><img src=/a.png></plaintext><img src=/a.png>")]
    [InlineData("<svg><![CDATA[<image href=/a.png>]]]></svg>")]
    [InlineData("<!doctype html PUBLIC \"<img src=/a.png\">")]
    [InlineData("<?php <img src=/a.png ?>")]
    [InlineData("</ <img src=/a.png>")]
    [InlineData("</p href=/x src=/y style='background:url(/a)'>")]
    [InlineData("<a href='#top'><a href=''><a href=' '><a href>")]
    [InlineData("<a href='data:,x'><a href='javascript:x'><a href='java\nscript:x'><a href='mailto:a@b'><a href='blob:x'>")]
    [InlineData("<a href='https://other.example/x'><a href=//other.example/x>")]
    [InlineData("<my-button action=save src=x href=y>")]
    [InlineData("<a data-href=/x title=/x>")]
    [InlineData("<meta name=description content='0; url=/x'>")]
    [InlineData("<style type=text/less>a{background:url(/x)}</style>")]
    [InlineData("<img src=/a.png")]
    public void WhatIsNoUrl_StaysAsItIs(string html) => Assert.Equal(html, Pieces.Html(html, s_map));

    [Theory]
    [InlineData(
        "<script><!-- <script> </script> --></script><a href=/x>",
        "<script><!-- <script> </script> --></script><a href=https://pub.example/x>"
    )]
    [InlineData("<script><!-- </script><a href=/x>", "<script><!-- </script><a href=https://pub.example/x>")]
    [InlineData("<script/></b><a href=/x></script/><a href=/x>", "<script/></b><a href=/x></script/><a href=https://pub.example/x>")]
    [InlineData("<svg><title><a href=/x></a></title></svg>", "<svg><title><a href=https://pub.example/x></a></title></svg>")]
    [InlineData("<svg><script><a href=/x></script></svg>", "<svg><script><a href=https://pub.example/x></script></svg>")]
    [InlineData("<svg/><title><a href=/x></title><a href=/x>", "<svg/><title><a href=/x></title><a href=https://pub.example/x>")]
    [InlineData("<svg><p><title><a href=/x></title>", "<svg><p><title><a href=/x></title>")]
    [InlineData("<![CDATA[<a href=/x>]]>", "<![CDATA[<a href=/x>]]>")]
    [InlineData("<![CDATA[><a href=/x>]]>", "<![CDATA[><a href=https://pub.example/x>]]>")]
    [InlineData("<!--><a href=/x>", "<!--><a href=https://pub.example/x>")]
    [InlineData("<!---><a href=/x>", "<!---><a href=https://pub.example/x>")]
    [InlineData("<a =href=/x href=/y href=/z>", "<a =href=/x href=https://pub.example/y href=/z>")]
    [InlineData("<a/href=/x/>", "<a/href=https://pub.example/x/>")]
    [InlineData("a < b <a href=/x>", "a < b <a href=https://pub.example/x>")]
    public void EndOfContent_IsWhereABrowserSeesIt(string html, string expected) => Assert.Equal(expected, Pieces.Html(html, s_map));

    [Theory]
    [InlineData("<a href='/x?a=1&amp;b=2&eacute;&c=&lt=3'>", "<a href='https://pub.example/x?a=1&amp;b=2&eacute;&c=&lt=3'>")]
    [InlineData("<a href='http&colon;//localhost&#58;5173/x'>", "<a href='https://pub.example/x'>")]
    [InlineData("<a href='&#x2F;x'>", "<a href='https://pub.example&#x2F;x'>")]
    [InlineData("<a href='ht\ntp://local\thost:5173/x'>", "<a href='https://pub.example/x'>")]
    [InlineData("<a style='b:url(&quot;/x&quot;)'>", "<a style='b:url(&quot;https://pub.example/x&quot;)'>")]
    [InlineData("<a style=\"b:url('/x'),url(y)\">", "<a style=\"b:url('https://pub.example/x'),url(https://pub.example/app/y)\">")]
    public void ReferencesInAValue_AreUnderstoodAndKept(string html, string expected) => Assert.Equal(expected, Pieces.Html(html, s_map));

    [Theory]
    [InlineData("<meta http-equiv=refresh content='0; url=/x'>", "<meta http-equiv=refresh content='0; url=https://pub.example/x'>")]
    [InlineData(
        "<meta content='5;URL=\"/x\" z' http-equiv=Refresh id=a>",
        "<meta content='5;URL=\"https://pub.example/x\" z' http-equiv=Refresh id=a>"
    )]
    [InlineData("<meta content=.5,/x http-equiv=refresh>", "<meta content=.5,https://pub.example/x http-equiv=refresh>")]
    [InlineData("<meta content='5' http-equiv=refresh>", "<meta content='5' http-equiv=refresh>")]
    [InlineData("<meta content='5; url' http-equiv=refresh>", "<meta content='5; https://pub.example/app/url' http-equiv=refresh>")]
    public void Refresh_IsMapped(string html, string expected) => Assert.Equal(expected, Pieces.Html(html, s_map));

    [Theory]
    [InlineData("<style>a{b:url(/x)}</style><a href=/y>", "<style>a{b:url(https://pub.example/x)}</style><a href=https://pub.example/y>")]
    [InlineData("<style>/*</st*/@import '/x'</styles></style>", "<style>/*</st*/@import 'https://pub.example/x'</styles></style>")]
    [InlineData("<style>a{b:url(/x</style>", "<style>a{b:url(https://pub.example/x</style>")]
    [InlineData("<style type=TEXT/CSS>a{b:url('/x</style>", "<style type=TEXT/CSS>a{b:url('https://pub.example/x</style>")]
    [InlineData(
        "<svg><style>a{b:url(/x)}&lt;<![CDATA[url(/y)]]></style></svg><a href=/z>",
        "<svg><style>a{b:url(https://pub.example/x)}&lt;<![CDATA[url(/y)]]></style></svg><a href=https://pub.example/z>"
    )]
    [InlineData("<svg><style>a{b:url(&quot;/x&quot;)}</style></svg>", "<svg><style>a{b:url(&quot;/x&quot;)}</style></svg>")]
    [InlineData("<svg><style/><path style='a:url(/x)'/></svg>", "<svg><style/><path style='a:url(https://pub.example/x)'/></svg>")]
    public void StyleElement_IsMapped(string html, string expected) => Assert.Equal(expected, Pieces.Html(html, s_map));

    [Theory]
    [InlineData(
        "<a href=x><base href=/b/><a href=x><base href=/c/><a href=x>",
        "<a href=https://pub.example/app/x><base href=https://pub.example/b/><a href=https://pub.example/b/x><base href=https://pub.example/c/><a href=https://pub.example/b/x>"
    )]
    [InlineData(
        "<base href=https://cdn.example/><a href=x><a href=http://localhost:5173/y>",
        "<base href=https://cdn.example/><a href=x><a href=https://pub.example/y>"
    )]
    [InlineData(
        "<base target=_top><base href='http&#58;//127.0.0.1:5173/b/c'><a href=../x>",
        "<base target=_top><base href='https://pub.example/b/c'><a href=https://pub.example/x>"
    )]
    public void Base_IsUnderstoodAndMapped(string html, string expected) => Assert.Equal(expected, Pieces.Html(html, s_map));

    [Fact]
    public void NothingChanges_RewriteReturnsNull()
    {
        Assert.Null(HtmlRewriter.Rewrite("<p class=x>text</p><a href=#y>"u8, s_map));
        Assert.Equal("<a href=https://pub.example/y>"u8.ToArray(), HtmlRewriter.Rewrite("<a href=/y>"u8, s_map));
    }

    [Fact]
    public void ByteOrderMarkAndOtherEncodings_StayAsTheyAre()
    {
        byte[] html = [0xEF, 0xBB, 0xBF, .. "<p title="u8, 0xE9, .. "><a href='/caf"u8, 0xE9, .. "'>"u8];

        var rewritten = Pieces.Whole(new HtmlRewriter(s_map), html);

        byte[] expected = [0xEF, 0xBB, 0xBF, .. "<p title="u8, 0xE9, .. "><a href='https://pub.example/caf"u8, 0xE9, .. "'>"u8];
        Assert.Equal(expected, rewritten);
    }

    [Fact]
    public void Replacement_CannotLeaveItsValue()
    {
        var html = "<a href=x><a href='x'><a href=\"x\"><style>a{b:url(x)}</style>";

        var rewritten = Pieces.Html(html, new PrefixUrlMap());

        Assert.Equal(
            "<a href=https://p.example/?&#39;&#34;&amp;&#60;&#62;()\\&#61;&#96;&amp;amp;u&#61;x>"
                + "<a href='https://p.example/?&#39;\"&amp;<>()\\=`&amp;amp;u=x'>"
                + "<a href=\"https://p.example/?'&#34;&amp;<>()\\=`&amp;amp;u=x\">"
                + "<style>a{b:url(https://p.example/?\\27 \\22 &\\3c >\\28 \\29 \\5c =`&amp;u=x)}</style>",
            rewritten
        );
    }
}
