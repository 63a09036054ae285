using Tunnel.ProxyCore.Widgets.Sources;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets.Sources;

public sealed class FolderPathTests
{
    [Theory]
    [InlineData("/", "")]
    [InlineData("/a.js", "a.js")]
    [InlineData("/a/b/", "a|b|")]
    [InlineData("/a%20b/%C3%A9.html", "a b|é.html")]
    [InlineData("/%2561", "%61")]
    [InlineData("/@scope/x+y~1,.js", "@scope|x+y~1,.js")]
    [InlineData("/console.js", "console.js")]
    [InlineData("/com.js", "com.js")]
    public void Path_IsDecodedOnceIntoNames(string path, string expected)
    {
        Assert.Equal(expected, string.Join('|', FolderPath.Parse(path)!.Value));
    }

    [Theory]
    [InlineData("/..")]
    [InlineData("/a/../b")]
    [InlineData("/./a")]
    [InlineData("/%2e%2e/a")]
    [InlineData("/%2E./a")]
    [InlineData("/a%2fb")]
    [InlineData("/a%5Cb")]
    [InlineData("/a\\b")]
    [InlineData("//a")]
    [InlineData("/a//b")]
    [InlineData("/a%00.js")]
    [InlineData("/a%0a")]
    [InlineData("/a%")]
    [InlineData("/a%2")]
    [InlineData("/a%zz")]
    [InlineData("/%C3")]
    [InlineData("/%c0%ae%c0%ae/a")]
    [InlineData("/.env")]
    [InlineData("/.git/config")]
    [InlineData("/a/.htaccess")]
    [InlineData("/C:/a")]
    [InlineData("/a.js::$DATA")]
    [InlineData("/a.js.")]
    [InlineData("/a.js%20")]
    [InlineData("/nul")]
    [InlineData("/CON.html")]
    [InlineData("/a/com1")]
    [InlineData("/LPT9.txt")]
    [InlineData("/aux .js")]
    public void WhatLeadsElsewhere_NamesNothing(string path)
    {
        Assert.Null(FolderPath.Parse(path));
    }
}
