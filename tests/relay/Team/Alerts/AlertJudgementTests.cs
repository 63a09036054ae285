using Tunnel.Relay.Team.Alerts;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Alerts;

public sealed class AlertJudgementTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly AlertRule _rule = Rules.New(over: 0.1, minCalls: 10);
    private AlertState _state = AlertState.Unseen;

    [Theory]
    [InlineData(10, 0.11, true)]
    [InlineData(10, 0.1, false)]
    [InlineData(9, 1.0, false)]
    [InlineData(0, null, false)]
    public void ValueOverTheThresholdOfEnoughCalls_Fires(long calls, double? value, bool expected)
    {
        Look(0, calls, value);

        Assert.Equal(expected, _state.IsFiring);
        Assert.Equal(expected ? s_start : null, _state.Since);
        Assert.Equal((s_start, calls, value), (_state.SeenAt, _state.Seen.Calls, _state.Seen.Value));
    }

    [Fact]
    public void GoodForAWholeWindow_IsWellAgain()
    {
        Look(0, 20, 0.5);
        Look(1, 20, 0.1);
        Look(5.9, 20, 0);
        var before = _state;
        Look(6, 20, 0);

        Assert.True(before.IsFiring);
        Assert.Equal((s_start, s_start.AddMinutes(1)), (before.Since, before.GoodSince));
        Assert.Equal((false, s_start.AddMinutes(6), null), (_state.IsFiring, _state.Since, _state.GoodSince));
    }

    [Fact]
    public void BadAgainBeforeThat_BeginsAnew()
    {
        Look(0, 20, 0.5);
        Look(1, 20, 0);
        Look(4, 20, 0.5);
        Look(5, 20, 0);
        Look(9.9, 20, 0);

        Assert.True(_state.IsFiring);
        Assert.Equal(s_start, _state.Since);

        Look(10, 20, 0);
        Assert.False(_state.IsFiring);
    }

    [Fact]
    public void TooFewCalls_ChangeNothing()
    {
        Look(0, 20, 0.5);
        Look(1, 20, 0);
        Look(30, 9, 0);
        Look(40, 0, null);
        Look(50, 9, 1);
        Assert.True(_state.IsFiring);
        Assert.Equal(s_start.AddMinutes(1), _state.GoodSince);

        Look(60, 10, 0);
        Assert.False(_state.IsFiring);
    }

    [Fact]
    public void LongWindow_NeedsAnHourOfGoodLooks()
    {
        var day = _rule with { Window = TimeSpan.FromDays(1) };
        var state = AlertJudgement.Next(day, AlertState.Unseen, new AlertReading(20, 1), s_start);
        state = AlertJudgement.Next(day, state, new AlertReading(20, 0), s_start.AddMinutes(10));
        var before = AlertJudgement.Next(day, state, new AlertReading(20, 0), s_start.AddMinutes(69));
        var after = AlertJudgement.Next(day, state, new AlertReading(20, 0), s_start.AddMinutes(70));

        Assert.Equal((true, false), (before.IsFiring, after.IsFiring));
    }

    private void Look(double minute, long calls, double? value) =>
        _state = AlertJudgement.Next(_rule, _state, new AlertReading(calls, value), s_start.AddMinutes(minute));
}
