using System.Buffers;
using System.Text;
using Tunnel.ProxyCore.Widgets;
using Tunnel.ProxyCore.Widgets.Reports;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets.Reports;

public sealed class CspViolationTests
{
    [Theory]
    [InlineData(
        "connect-src",
        "https://API.example.com/v1?key=secret",
        "https://api.example.com",
        "csp.connect_domains = [\"https://api.example.com\"]"
    )]
    [InlineData("connect-src", "wss://live.example.com", "wss://live.example.com", "csp.connect_domains = [\"wss://live.example.com\"]")]
    [InlineData("style-src-elem", "https://a.example", "https://a.example", "csp.resource_domains = [\"https://a.example\"]")]
    [InlineData("frame-src", "https://a.example", "https://a.example", "csp.frame_domains = [\"https://a.example\"]")]
    [InlineData("script-src", "inline", "inline", null)]
    [InlineData("script-src", "eval", "eval", null)]
    [InlineData("connect-src", "http://localhost:3000", "http://localhost:3000", null)]
    [InlineData("worker-src", "https://a.example", "https://a.example", null)]
    public void Report_TellsTheOriginAndTheLine(string directive, string blocked, string origin, string? fix)
    {
        var violation = Read($$"""{"widget":"ui://w","directive":"{{directive}}","blocked":"{{blocked}}"}""");

        Assert.Equal(new CspViolation("ui://w", directive, origin, fix), violation);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"widget\":null,\"directive\":\"connect-src\"}")]
    [InlineData("{\"widget\":null,\"directive\":\"x\",\"blocked\":\"https://a.example\"}")]
    [InlineData("{\"widget\":null,\"directive\":\"connect-src\",\"blocked\":\"words of somebody\"}")]
    [InlineData("{\"widget\":null,\"directive\":\"connect-src\",\"blocked\":\"a.example\"}")]
    [InlineData("{\"widget\":7,\"directive\":\"connect-src\",\"blocked\":\"https://a.example\"}")]
    [InlineData("{\"widget\":null,\"directive\":\"connect-src\",\"blocked\":\"https://a.example\\r\\nx\"}")]
    public void WhatTheScriptWouldNotSend_IsRefused(string json) => Assert.Null(Read(json));

    [Theory]
    [InlineData("null")]
    [InlineData("\"not a widget\"")]
    [InlineData("\"ui://w\\u001b[31m\"")]
    public void WidgetThatCannotBeOne_IsNotNamed(string widget) =>
        Assert.Null(Read($$"""{"widget":{{widget}},"directive":"script-src","blocked":"eval"}""")!.Widget);

    [Fact]
    public void Fix_HasWhatIsConfiguredAlready()
    {
        Assert.True(CspSource.TryParse("https://old.example", out var old, out _));
        var rule = new CspRule { Lists = CspRule.None.Lists.Add(CspDirective.Connect, new CspListRule(CspMode.Extend, [old])) };

        var violation = Read(
            """{"widget":null,"directive":"connect-src","blocked":"https://new.example"}""",
            new CspOptions { Rules = [rule] }
        );

        Assert.Equal("csp.connect_domains = [\"https://old.example\", \"https://new.example\"]", violation!.Fix);
    }

    private static CspViolation? Read(string json, CspOptions? options = null) =>
        CspViolation.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), options ?? new CspOptions());
}
