using Tunnel.Bench.Run.Report;

namespace Tunnel.Bench.Tests.Report;

public sealed class TargetTests
{
    [Theory]
    [InlineData(0.95, "met")]
    [InlineData(0.9, "met")]
    [InlineData(0.72, "missed by 20 %")]
    public void Floor_TellsWhatIsMissing(double measured, string verdict) =>
        Assert.Equal(verdict, Target.AtLeast("requests/s", 0.9, measured).ToRow()[^1]);

    [Theory]
    [InlineData(80, "met")]
    [InlineData(120, "missed by 50 %")]
    public void Ceiling_TellsWhatIsTooMuch(double measured, string verdict) =>
        Assert.Equal(verdict, Target.AtMost("memory", 80, measured).ToRow()[^1]);
}
