using Tunnel.Connector.Cloud;
using Xunit;

namespace Tunnel.Connector.Tests.Cloud;

public sealed class SendPausesTests
{
    private static readonly IngestAnswer s_later = new(IngestVerdict.Later, "away");

    [Fact]
    public void Pauses_DoubleFromASecondToFiveMinutes_AndBeginAnew()
    {
        var pauses = new SendPauses(() => 1);

        var first = Enumerable.Range(0, 12).Select(_ => pauses.Next(s_later).TotalSeconds).ToArray();
        pauses.Reset();

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], first);
        Assert.Equal(TimeSpan.FromSeconds(1), pauses.Next(s_later));
    }

    [Fact]
    public void Chance_TakesUpToHalf() => Assert.Equal(TimeSpan.FromSeconds(0.5), new SendPauses(() => 0).Next(s_later));

    [Theory]
    [InlineData(120, 126)]
    [InlineData(-5, 1.05)]
    [InlineData(0, 1.05)]
    [InlineData(1e9, 3780)]
    public void RelayThatSaysWhen_IsObeyedWithinReason(double wanted, double seconds)
    {
        var pauses = new SendPauses(() => 0.5);

        var pause = pauses.Next(s_later with { RetryAfter = TimeSpan.FromSeconds(wanted) });

        Assert.Equal(seconds, pause.TotalSeconds, tolerance: 0.001);
    }

    [Fact]
    public void TokenThatIsRefused_IsTriedSlowly() =>
        Assert.Equal(TimeSpan.FromMinutes(5), new SendPauses(() => 1).Next(new IngestAnswer(IngestVerdict.Refused, "no")));
}
