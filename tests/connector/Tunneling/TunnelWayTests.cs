using Tunnel.Connector.Tunneling;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Tunneling;

public sealed class TunnelWayTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task FastestAnswer_IsTwiceTheWay()
    {
        var way = new TunnelWay(_time);
        Assert.Null(way.Estimate);

        foreach (var took in new[] { 30, 20, 25 })
        {
            // Sending takes its time too.
            var answer = await way.MeasureAsync(() =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(took));
                return Task.FromResult(took);
            });
            Assert.Equal(took, answer);
        }

        Assert.Equal(TimeSpan.FromMilliseconds(10), way.Estimate);
    }

    [Fact]
    public async Task QuestionWithoutAnAnswer_IsNoSample()
    {
        var way = new TunnelWay(_time);

        await way.MeasureAsync(() => Task.FromResult(false));
        await way.MeasureAsync(() => Task.FromResult<string?>(null));

        Assert.Null(way.Estimate);
    }
}
