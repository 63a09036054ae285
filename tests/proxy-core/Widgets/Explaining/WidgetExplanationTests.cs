using System.Text.Json;
using Tunnel.ProxyCore.Widgets;
using Tunnel.ProxyCore.Widgets.Explaining;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets.Explaining;

public sealed class WidgetExplanationTests
{
    private static readonly CspSurroundings s_public = new()
    {
        PublicOrigin = CspSource.TryParse("https://otter.example.com", out var origin, out _) ? origin : null,
    };

    [Fact]
    public void Explanation_TellsWhereEverySourceComesFrom()
    {
        var explanation = Explain("""{"ui":{"csp":{"connectDomains":["http://localhost:9000","'self'"]}}}""");

        var list = explanation.Lists.First();
        Assert.Equal("connectDomains", list.Name);
        Assert.Equal(
            new CspEntry("https://otter.example.com", CspReason.MadePublic, "http://localhost:9000"),
            Assert.Single(list.Result.Entries)
        );
        Assert.Equal("'self'", Assert.Single(list.Result.Dropped).Source);
    }

    [Fact]
    public void Specification_IsFollowedToTheLetter() =>
        Assert.Equal(
            "default-src 'none'; script-src 'self' 'unsafe-inline' https://r.example https://otter.example.com; "
                + "style-src 'self' 'unsafe-inline' https://r.example https://otter.example.com; connect-src 'self' https://otter.example.com; "
                + "img-src 'self' data: https://r.example https://otter.example.com; font-src 'self' https://r.example https://otter.example.com; "
                + "media-src 'self' data: https://r.example https://otter.example.com; frame-src https://f.example; object-src 'none'; base-uri https://b.example",
            Policy(
                Explain(
                    """{"ui":{"csp":{"resourceDomains":["https://r.example"],"frameDomains":["https://f.example"],"baseUriDomains":["https://b.example"]}}}"""
                ),
                "specification"
            ).Policy
        );

    [Fact]
    public void WidgetWithoutAPolicy_ConnectsToNothing()
    {
        var explanation = WidgetExplanation.Of("ui://w", listed: null, read: null, new CspOptions(), new CspSurroundings());

        Assert.Contains("connect-src 'none'", Policy(explanation, "specification").Policy, StringComparison.Ordinal);
        Assert.Empty(explanation.Lists);
    }

    [Fact]
    public void Claude_DropsWhatIsNotHttps_AndFrames()
    {
        var claude = Policy(
            Explain("""{"ui":{"csp":{"connectDomains":["http://plain.example"],"frameDomains":["https://f.example"]}}}"""),
            "Claude"
        );

        Assert.DoesNotContain("plain.example", claude.Policy, StringComparison.Ordinal);
        Assert.DoesNotContain("f.example", claude.Policy, StringComparison.Ordinal);
        Assert.Contains(claude.Notes, note => note.Contains("http://plain.example", StringComparison.Ordinal));
        Assert.Contains("Claude ignores frameDomains", claude.Notes, StringComparer.Ordinal);
    }

    [Fact]
    public void ChatGpt_PrefersItsOwnSpelling()
    {
        var explanation = Explain(
            """{"ui":{"csp":{"connectDomains":["https://a.example"]}},"openai/widgetCSP":{"connect_domains":["https://b.example"]}}"""
        );

        Assert.Contains("connect-src 'self' https://b.example", Policy(explanation, "ChatGPT").Policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self' https://a.example", Policy(explanation, "Claude").Policy, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasListed_CountsWhereNothingWasRead()
    {
        using var listed = JsonDocument.Parse("""{"ui":{"csp":{"connectDomains":["https://a.example"]}}}""");

        var explanation = WidgetExplanation.Of("ui://w", listed.RootElement, read: null, new CspOptions(), new CspSurroundings());

        Assert.Equal("https://a.example", explanation.Lists.Single().Result.Sources.Single());
    }

    private static WidgetExplanation Explain(string meta)
    {
        using var read = JsonDocument.Parse(meta);
        return WidgetExplanation.Of("ui://w", listed: null, read.RootElement, new CspOptions(), s_public);
    }

    private static HostPolicy Policy(WidgetExplanation explanation, string host) =>
        explanation.Policies.Single(policy => policy.Host == host);
}
