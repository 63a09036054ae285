using System.Security.Cryptography;
using System.Text;
using Tunnel.ProxyCore.Widgets;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets;

public sealed class WidgetDomainTests
{
    private const string Https = "https://otter.example.com";

    private static readonly string s_hash =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Https + "/mcp")))[..32] + ".claudemcpcontent.com";

    [Theory]
    [InlineData("Claude", "HASH", null)]
    [InlineData("Claude Code", "HASH", null)]
    [InlineData("ChatGPT", Https, Https)]
    [InlineData("Inspector", null, null)]
    [InlineData(null, null, null)]
    public void DeclaredUiDomain_IsWhatTheClientAccepts(string? client, string? domain, string? openAi)
    {
        var after = new WidgetExchange { Client = client }.Edit(Widget("""{"ui":{"csp":{},"domain":"widgets.example.com"}}"""));

        Assert.Equal(domain?.Replace("HASH", s_hash, StringComparison.Ordinal), Text(after, "\"domain\":\""));
        Assert.Equal(openAi, Text(after, "\"openai/widgetDomain\":\""));
    }

    [Theory]
    [InlineData("ChatGPT", Https)]
    [InlineData("Inspector", Https)]
    [InlineData("Claude", Https)]
    public void DeclaredOpenAiDomain_BecomesAnHttpsOrigin(string client, string openAi)
    {
        var after = new WidgetExchange { Client = client }.Edit(Widget("""{"openai/widgetDomain":"localhost:9000"}"""));

        Assert.Equal(openAi, Text(after, "\"openai/widgetDomain\":\""));
        Assert.Null(Text(after, "\"domain\":\""));
    }

    [Fact]
    public void ConfiguredDomain_IsChatGptsAlone()
    {
        var csp = new CspOptions { Domain = new Uri("https://app.example.com/") };
        var before = Widget("""{"ui":{"domain":"x"}}""");

        Assert.Equal("https://app.example.com", Text(new WidgetExchange { Client = "ChatGPT", Csp = csp }.Edit(before), "\"domain\":\""));
        Assert.Equal(s_hash, Text(new WidgetExchange { Client = "Claude", Csp = csp }.Edit(before), "\"domain\":\""));
    }

    [Fact]
    public void WhatClaudeAccepts_StaysForUnknownClients() =>
        Assert.Equal(s_hash, Text(new WidgetExchange().Edit(Widget($$$"""{"ui":{"domain":"{{{s_hash}}}"}}""")), "\"domain\":\""));

    [Theory]
    [InlineData(null, "/mcp")]
    [InlineData(Https, "/")]
    public void UrlThatClaudeWasNotGiven_LeavesNoDomain(string? publicOrigin, string path)
    {
        var after = new WidgetExchange
        {
            Client = "Claude",
            PublicOrigin = publicOrigin,
            Path = path,
        }.Edit(Widget("""{"ui":{"permissions":{},"domain":"x"}}"""));

        Assert.Null(Text(after, "\"domain\":\""));
        Assert.Contains("\"permissions\":{}", after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ui":{"domain":"x"}}""", """{"ui":{}}""")]
    [InlineData("""{"ui":{ "domain" : "x" , "a":1}}""", """{"ui":{ "a":1}}""")]
    [InlineData("""{"ui":{"a":1, "domain":"x" }}""", """{"ui":{"a":1 }}""")]
    [InlineData("""{"ui":{"a":1,"domain":"x","b":2}}""", """{"ui":{"a":1,"b":2}}""")]
    public void RemovedDomain_TakesItsCommaWithIt(string meta, string expected) =>
        Assert.Equal(Widget(expected), new WidgetExchange { PublicOrigin = null, Client = "Claude" }.Edit(Widget(meta)));

    private static string Widget(string meta) =>
        $$$"""{"id":1,"result":{"contents":[{"uri":"ui://w","mimeType":"text/html;profile=mcp-app","_meta":{{{meta}}}}]}}""";

    private static string? Text(string json, string before)
    {
        var at = json.IndexOf(before, StringComparison.Ordinal);
        return at < 0 ? null : json[(at + before.Length)..json.IndexOf('"', at + before.Length)];
    }
}
