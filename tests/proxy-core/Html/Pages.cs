using Xunit;

namespace Tunnel.ProxyCore.Tests.Html;

/// <summary>Pages as tools and people write them, good and bad. Each bears URLs in places that matter and in places that do not.</summary>
internal static class Pages
{
    public static TheoryData<string> Names => [.. s_pages.Keys];

    public static IEnumerable<string> All => s_pages.Values;

    public static string Get(string name) => s_pages[name];

    private static readonly Dictionary<string, string> s_pages = new(StringComparer.Ordinal)
    {
        ["dev server"] = """
            <!doctype html>
            <html lang="en">
              <head>
                <script type="module">import { injectIntoGlobalHook } from "/@react-refresh"; injectIntoGlobalHook(window); window.$RefreshReg$ = () => {};</script>
                <script type="module" src="/@vite/client"></script>
                <meta charset="UTF-8" />
                <link rel="icon" type="image/svg+xml" href="/vite.svg" />
                <meta name="viewport" content="width=device-width, initial-scale=1.0" />
                <title>Widget &amp; more <a href=/no></title>
                <style type="text/css" data-vite-dev-id="/src/index.css">:root{--logo:url(/src/logo.svg)} @media (max-width:9px){a{background:url("./bg.png?a=1&b=2") no-repeat}}</style>
              </head>
              <body>
                <div id="root"></div>
                <script type="module" src="/src/main.tsx?t=1700000000000"></script>
              </body>
            </html>
            """,
        ["build"] =
            "<!doctype html><html lang=en><head><meta charset=utf-8><meta content='0;url=/next' http-equiv=refresh><base href=\"http://localhost:5173/w/\">"
            + "<script defer src=/assets/index-BcD3.js></script><link rel=modulepreload href=./assets/vendor-a1.js crossorigin>"
            + "<link rel=preload as=image imagesrcset=\"/a.png 1x, /a@2x.png 2x\" imagesizes=50vw><link href=/assets/index.css rel=stylesheet></head>"
            + "<body><noscript>You need <a href=/js>JavaScript</a></noscript><div id=root></div>"
            + "<script id=__DATA__ type=application/json>{\"html\":\"<\\/script><img src=/x>\",\"u\":\"http://localhost:5173/\"}</script></body></html>",
        ["drawing"] = """
            <body><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">
              <title>A <![CDATA[<a href="/none">]]> chart</title><desc>d<p title="/x">html <a href=/in-desc>x</a></p></desc>
              <style>.a{fill:red;mask:url(/n.svg)} @import '/o'; b{content:'&lt;'}</style>
              <defs><linearGradient id="g" xlink:href="#base"/><pattern href="/p.svg#p"/></defs>
              <use href="/sprite.svg#i"/><use xlink:href='sprite.svg#j'></use><image xlink:href="/i.png" href='/j.png' src="/no"/>
              <a xlink:href="/link"><text fill="url(#g)" style="mask:url(/m.svg#m)">x &lt; y</text></a>
              <foreignObject><div><img src=/f.png><title>raw <a href=/no></title></div></foreignObject>
              <script>if (a<b && c>d) { x = "<use href='/s'/>" }</script>
            </svg><math><mi><a href=/mi>x</a></mi><annotation-xml encoding="text/html"><a href=/ann></a></annotation-xml><mtext><title><a href=/no></title></mtext></math>
            <title>after <img src=/no></title><svg/><a href=/after>y</a></body>
            """,
        ["legacy"] = """
            <!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
            <HTML><HEAD><TITLE>Old</TITLE><META HTTP-EQUIV="Refresh" CONTENT="30; URL=http://localhost:5173/old.html">
            <SCRIPT LANGUAGE="JavaScript"><!--
            document.write("<SCRIPT SRC='/x.js'></SCRIPT>");
            //--></SCRIPT>
            <STYLE><!-- BODY { background: url(/bg.gif) } @import url('/o.css'); --></STYLE></HEAD>
            <BODY BGCOLOR=#FFFFFF BACKGROUND=/tile.gif><TABLE BACKGROUND='t.gif'><TR><TD BACKGROUND="c.gif">x<TD><IMG SRC=a.gif BORDER=0 LONGDESC=l.html>
            </TABLE><CENTER><FONT COLOR=red><A HREF=page.html?a=1&b=2&copy=3>go</A></FONT></CENTER><XMP><A HREF=/no></XMP>
            <NOFRAMES><A HREF=/no></NOFRAMES><IFRAME SRC=/f.html><A HREF=/no></IFRAME><BLOCKQUOTE CITE=/c><IMAGE SRC=/image.gif></BODY></HTML>
            """,
        ["broken"] = """
            <p><a href="/one" href="/two" class=a"b c'd>x<a href='/three'title=x>y<a href=/four/>z</p></a>
            <img src="/a.png"srcset="/b.png 2x,,, /c.png,d.png 3x"alt><img src=/e.png?x="y"&z='w'><img src = /f.png / ><img / src=/g.png>
            <div style="background:url(/h.png);color:red;background:url('i.png')" style="url(/no)"><div style='a:b;background:url("/j&#46;png"),url(k\.png)'>
            < a href=/no><a<b href=/no></a b href=/no><a href="/l"<b src=/no></><!-><a href=/no2>--><!><?x <a href=/no?>><!doctype x><a href="
             /m
            "><a
            href
            =
            /n
            ><!--a--!><a href=/o><!--<!--><a href=/p><a href=/q title="x>y<z"><a href="&#x2f;r"><a href="&sol;s&colon;t"><a href=/u&ampv=1&amp;w&lt=2>
            <form action=/v><input formaction=w src=/x type=image><object data=/y><embed src=z><video poster=/aa src=ab><track src=ac></video>
            <textarea></b><a href=/no></textarea><a href=/ad></textarea><template><a href=/ae><style>b{c:url(/af)}</style></template>
            <style type=text/plain>a{b:url(/no)}</style><style>a{b:url(/ag)}</sty</styl<b></style ><a href=/ah></a></body></html><a href=/ai>
            <script>a<!--b</script><script><!--<script></script>--></script><script><!--<script>x</script>y</script><a href=/aj><title></titl></title/><a href=/ak>
            <a href=/last
            """,
        ["byte order mark"] =
            "\uFEFF<!doctype html><title>é</title><a href=\"/é?ü=&eacute;\" title='&notit; &#128512;'>😀</a><p style=\"content:'é'; background:url(/é.png)\">",
    };
}
