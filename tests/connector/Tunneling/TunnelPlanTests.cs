using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Contract;
using Xunit;

namespace Tunnel.Connector.Tests.Tunneling;

public sealed class TunnelPlanTests
{
    private static readonly Uri s_one = new("https://node-1.example.com");
    private static readonly Uri s_two = new("https://node-2.example.com");
    private static readonly Uri[] s_relays = [new("https://tunnel.example.com")];
    private static readonly OpenedTunnel s_tunnel = new("otter", "https://otter.tunnel.example.com", 7, 2);

    [Fact]
    public void NothingOpen_IsOpenedAtTheRelay()
    {
        var plan = TunnelPlan.Of([], s_relays);

        Assert.Equal((TunnelLack.Everything, s_relays, null), (plan!.Lack, plan.Relays, plan.Continues));
    }

    [Fact]
    public void OneRelayAlone_IsEnough()
    {
        Assert.Null(TunnelPlan.Of([Opening()], s_relays));
    }

    [Fact]
    public void SecondRelay_ServesTheSameOpening()
    {
        var plan = TunnelPlan.Of([Opening(s_one, s_two)], s_relays);

        Assert.Equal((TunnelLack.Companion, s_tunnel), (plan!.Lack, plan.Continues));
        Assert.Equal([s_one, s_two], plan.Relays);
    }

    [Fact]
    public void OpeningThatCarriesNothingYet_NeedsNoCompanion()
    {
        Assert.Null(TunnelPlan.Of([Opening(s_one) with { IsUp = false }], s_relays));
    }

    [Fact]
    public void TwoOpenings_NeedNoThird()
    {
        Assert.Null(TunnelPlan.Of([Opening(s_one), Opening(s_two)], s_relays));
    }

    [Fact]
    public void OnlyRelayThatStops_IsReplacedWhereItSaysAndThenWhereItWasReached()
    {
        var plan = TunnelPlan.Of([Opening(s_one) with { IsStopping = true }], s_relays);

        Assert.Equal((TunnelLack.Replacement, s_tunnel), (plan!.Lack, plan.Continues));
        Assert.Equal([s_one, .. s_relays], plan.Relays);
    }

    [Fact]
    public void RelayThatStopsBesideOneThatStays_LeavesTheOtherInNeedOfACompanion()
    {
        var plan = TunnelPlan.Of([Opening(s_two) with { IsStopping = true }, Opening(s_one)], s_relays);

        Assert.Equal(TunnelLack.Companion, plan!.Lack);
        Assert.Equal([s_one], plan.Relays);
    }

    [Theory]
    [InlineData(TunnelLack.Companion, TunnelLack.Replacement, true)]
    [InlineData(TunnelLack.Replacement, TunnelLack.Everything, true)]
    [InlineData(TunnelLack.Companion, TunnelLack.Everything, false)]
    [InlineData(TunnelLack.Everything, TunnelLack.Everything, true)]
    internal void AttemptThatHasBegunToDial_MayDoForAnotherPlan(TunnelLack begun, TunnelLack now, bool does)
    {
        var attempt = new TunnelPlan(begun, [s_one], s_tunnel);

        Assert.Equal(does, new TunnelPlan(now, [s_two], s_tunnel).IsServedBy(attempt, isDialling: true));
    }

    [Fact]
    public void AttemptThatWaits_DoesForTheSamePlanOnly()
    {
        var plan = new TunnelPlan(TunnelLack.Companion, [s_one], s_tunnel);

        Assert.True(plan.IsServedBy(new TunnelPlan(TunnelLack.Companion, [s_one], s_tunnel), isDialling: false));
        Assert.False(plan.IsServedBy(new TunnelPlan(TunnelLack.Companion, [s_two], s_tunnel), isDialling: false));
        Assert.False((plan with { Lack = TunnelLack.Replacement }).IsServedBy(plan, isDialling: false));
    }

    private static OpeningState Opening(params Uri[] elsewhere) => new(s_tunnel, s_relays[0], IsUp: true, IsStopping: false, elsewhere);
}
