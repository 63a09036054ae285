using Tunnel.ProxyCore.Dashboard.Api;
using Tunnel.ProxyCore.Events;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Dashboard.Api;

public sealed class WaterfallTests
{
    private static readonly EventTiming s_local = new(Total: 10_000, Read: 100, Wait: 7_000, Upstream: 9_000);

    [Fact]
    public void Stages_FollowEachOther_FromTheEdgeAndBack()
    {
        var stages = Waterfall.Of(s_local with { Rewrite = 500, Edge = 3_050, Hold = 3_000, Tunnel = 20_000 });

        Assert.Equal(
            [
                new StageRow("edge", 0, 0.05),
                new StageRow("hold", 0.05, 3),
                new StageRow("tunnel", 3.05, 20),
                new StageRow("read", 23.05, 0.1),
                new StageRow("connector", 23.15, 0.9),
                new StageRow("wait", 24.05, 7),
                new StageRow("body", 31.05, 1.5),
                new StageRow("rewrite", 32.55, 0.5),
                new StageRow("back", 33.05, 20),
            ],
            stages
        );
    }

    [Fact]
    public void WithoutATunnel_ItBeginsHere()
    {
        Assert.Equal(["read", "connector", "wait", "body"], NamesOf(s_local with { Rewrite = 0 }), StringComparer.Ordinal);
        Assert.Equal(["edge", "read", "connector", "wait", "body"], NamesOf(s_local with { Edge = 0, Hold = 0 }), StringComparer.Ordinal);
    }

    [Fact]
    public void WithoutAServer_RulesAreAPartOfWhatIsOurs()
    {
        var stages = Waterfall.Of(new EventTiming(Total: 1_000, Read: 0, Wait: 0, Upstream: 0, Rewrite: 400));

        Assert.Equal([new("read", 0, 0), new("connector", 0, 0.6), new StageRow("rewrite", 0.6, 0.4)], stages);
    }

    private static IEnumerable<string> NamesOf(EventTiming timing) => Waterfall.Of(timing).Select(stage => stage.Stage);
}
