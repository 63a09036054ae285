using Tunnel.ProxyCore.Widgets;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Widgets;

public sealed class CspComposerTests
{
    private static readonly CspSurroundings s_public = new()
    {
        PublicOrigin = Source("https://otter.example.com"),
        Behind = [Source("http://10.0.0.5:9000")],
    };

    [Theory]
    [InlineData("http://localhost:5173", "https://otter.example.com")]
    [InlineData("ws://localhost:5173", "wss://otter.example.com")]
    [InlineData("127.0.0.1:9000", "https://otter.example.com")]
    [InlineData("http://10.0.0.5:9000", "https://otter.example.com")]
    [InlineData("ws://10.0.0.5:9000", "wss://otter.example.com")]
    [InlineData("http://10.0.0.5:9001", "http://10.0.0.5:9001")]
    [InlineData("https://localhost-tools.dev", "https://localhost-tools.dev")]
    public void AddressBehindUs_BecomesThePublicOrigin(string declared, string written) =>
        Assert.Equal(written, Text(Compose(CspDirective.Frame, [declared])));

    [Theory]
    [InlineData(CspDirective.Connect, true)]
    [InlineData(CspDirective.Resource, true)]
    [InlineData(CspDirective.Frame, false)]
    [InlineData(CspDirective.BaseUri, false)]
    [InlineData(CspDirective.Redirect, false)]
    public void PublicOrigin_IsAddedWhereWidgetsLoadFromOnly(CspDirective directive, bool isAdded) =>
        Assert.Equal(
            isAdded ? "https://a.example https://otter.example.com" : "https://a.example",
            Text(Compose(directive, ["a.example"]))
        );

    [Fact]
    public void NothingDeclared_AndNothingToAdd_StatesNothing()
    {
        Assert.False(Compose(CspDirective.Frame, declared: null).IsStated);
        Assert.False(
            new CspComposer(new CspOptions(), new CspSurroundings())
                .Compose(CspDirective.Connect, null, CspReason.Declared, "ui://w")
                .IsStated
        );
    }

    [Fact]
    public void EmptyList_StaysUntilARuleAdds()
    {
        var forbidden = Compose(CspDirective.Connect, []);
        var allowed = Compose(CspDirective.Connect, [], Extending(CspDirective.Connect, "https://api.example.com"));

        Assert.True(forbidden.IsStated);
        Assert.Empty(forbidden.Sources);
        Assert.Equal("https://api.example.com https://otter.example.com", Text(allowed));
    }

    [Fact]
    public void ListOfNonsense_DoesNotBecomeOneThatForbids()
    {
        var list = Compose(CspDirective.Frame, ["https://a.example; script-src *", "'unsafe-eval'"]);

        Assert.False(list.IsStated);
        Assert.All(list.Dropped, dropped => Assert.Equal(CspReason.Invalid, dropped.Reason));
    }

    [Fact]
    public void OtherSpellingsOfOneSource_AreOne() =>
        Assert.Equal(
            "https://api.example.com",
            Text(Compose(CspDirective.Frame, ["api.example.com", "https://API.example.com/", "https://api.example.com:443"]))
        );

    [Fact]
    public void WholeSchemesAndTheStar_AreTheServersOwnDecision() =>
        Assert.Equal("data: * https:", Text(Compose(CspDirective.Frame, ["data:", "*", "https:"])));

    [Fact]
    public void Replace_LeavesTheRuleAndThePublicOrigin()
    {
        var list = Compose(CspDirective.Connect, ["https://gone.example"], Replacing(CspDirective.Connect, "https://only.example"));

        Assert.Equal("https://only.example https://otter.example.com", Text(list));
        Assert.Equal("https://gone.example", Assert.Single(list.Dropped).Source);
    }

    [Fact]
    public void ReplaceByNothing_Forbids()
    {
        var list = Compose(CspDirective.Frame, ["https://gone.example"], Replacing(CspDirective.Frame));

        Assert.True(list.IsStated);
        Assert.Empty(list.Sources);
    }

    [Fact]
    public void RulesForAWidget_CountInTheirOrder()
    {
        var list = Compose(
            CspDirective.Frame,
            ["https://declared.example"],
            Extending(CspDirective.Frame, "https://all.example"),
            Replacing(CspDirective.Frame, "https://widget.example") with
            {
                Match = "ui://w*",
            },
            Extending(CspDirective.Frame, "https://more.example") with
            {
                Match = "ui://w?dget",
            },
            Extending(CspDirective.Frame, "https://other.example") with
            {
                Match = "ui://other",
            }
        );

        Assert.Equal("https://widget.example https://more.example", Text(list));
        Assert.Equal("ui://w?dget", list.Entries[1].Detail);
    }

    [Fact]
    public void HotReload_GetsTheWebSocketOfThePublicOrigin()
    {
        var composer = new CspComposer(new CspOptions(), s_public with { ServesWidgets = true, HotReloads = true });

        var list = composer.Compose(CspDirective.Connect, [], CspReason.Declared, "ui://w");

        Assert.Equal("https://otter.example.com wss://otter.example.com", Text(list));
    }

    private static CspList Compose(CspDirective directive, string[]? declared, params CspRule[] rules) =>
        new CspComposer(new CspOptions { Rules = [.. rules] }, s_public).Compose(directive, declared, CspReason.Declared, "ui://widget");

    private static string Text(CspList list) => string.Join(' ', list.Sources);

    private static CspRule Extending(CspDirective directive, params string[] sources) => Rule(directive, CspMode.Extend, sources);

    private static CspRule Replacing(CspDirective directive, params string[] sources) => Rule(directive, CspMode.Replace, sources);

    private static CspRule Rule(CspDirective directive, CspMode mode, string[] sources) =>
        new() { Lists = CspRule.None.Lists.Add(directive, new CspListRule(mode, [.. sources.Select(Source)])) };

    private static CspSource Source(string text) =>
        CspSource.TryParse(text, out var source, out var problem) ? source : throw new FormatException(problem);
}
