using System.Text;
using Tunnel.ProxyCore.Widgets;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets;

public sealed class WidgetHtmlRuleTests
{
    private const string Local = """<script src=\"http:\/\/localhost:9000/a.js\"></script>\u003cimg src=/b.png>\n<p>\u00e9 /c "d</p>""";

    [Fact]
    public void UrlsOfTheServer_BecomePublic_AndTheRestOfTheMessageKeepsItsBytes()
    {
        var before = Widget("\"text\" : \"" + Local.Replace("\"d", "\\\"d", StringComparison.Ordinal) + "\"");

        var after = new WidgetExchange().EditHtml(before);

        Assert.Equal(
            Widget(
                """  "text" : "<script src=\"https://otter.example.com/a.js\"></script><img src=https://otter.example.com/b.png>\n<p>é /c \"d</p>" """.Trim()
            ),
            after
        );
    }

    [Theory]
    [InlineData("<p>http://localhost:9000/a.js</p>")]
    [InlineData("<script>fetch('/a')</script>")]
    [InlineData("<img src=https://cdn.example.com/a.png>")]
    [InlineData("")]
    public void HtmlWithoutLocalUrls_KeepsItsBytes(string html)
    {
        var before = Widget($"\"text\":\"{html}\"");

        Assert.Equal(before, new WidgetExchange().EditHtml(before));
    }

    [Fact]
    public void Base64_IsRewrittenToo()
    {
        var after = new WidgetExchange().EditHtml(Widget($"\"blob\":\"{Base64("<img src=/b.png>")}\""));

        Assert.Equal(Widget($"\"blob\":\"{Base64("<img src=https://otter.example.com/b.png>")}\""), after);
    }

    [Theory]
    [InlineData("\"blob\":\"no base64!\"")]
    [InlineData("\"blob\":7")]
    [InlineData("\"text\":\"<img src=/b.png>\\ud800\"")]
    public void WhatIsNoText_KeepsItsBytes(string content) => Assert.Equal(Widget(content), new WidgetExchange().EditHtml(Widget(content)));

    [Fact]
    public void SourceOfWidgets_HasTheRelativeUrls()
    {
        var exchange = new WidgetExchange { WidgetServer = new Uri("http://localhost:5173"), ServerName = "files" };

        var after = exchange.EditHtml(
            Widget("\"text\":\"<img src=/b.png><img src=http://localhost:5173/c.png><img src=http://localhost:9000/d.png>\"")
        );

        Assert.Equal(
            Widget(
                "\"text\":\"<img src=https://otter.example.com/b.png><img src=https://otter.example.com/c.png><img src=https://otter.example.com/files/d.png>\""
            ),
            after
        );
    }

    [Fact]
    public void ServerWithAName_HasItsFilesBelowIt()
    {
        var after = new WidgetExchange { ServerName = "files" }.EditHtml(
            Widget("\"text\":\"<img src=/b.png><img src='ws://localhost:9000/d'>\"")
        );

        Assert.Equal(
            Widget("\"text\":\"<img src=https://otter.example.com/files/b.png><img src='wss://otter.example.com/files/d'>\""),
            after
        );
    }

    [Fact]
    public void ReportScript_ComesFirstInTheHead()
    {
        var exchange = new WidgetExchange { Csp = new CspOptions { Report = true } };

        var after = exchange.EditHtml(Widget("\"text\":\"<!doctype html><html><head><title>x</title>\""));

        Assert.Equal(
            Widget(
                "\"text\":\"<!doctype html><html><head><script src=\\\"https://otter.example.com/_mcpr/csp-report.js?widget=ui%3A%2F%2Fw\\\"></script><title>x</title>\""
            ),
            after
        );
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Widget(string content) =>
        $$$"""{"id":1.0,"result":{"contents":[{"uri":"ui://w", "mimeType":"text/html;profile=mcp-app",{{{content}}} ,"x":[ ]}]}}""";
}
