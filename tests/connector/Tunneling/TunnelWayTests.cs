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
            var answer = new TaskCompletionSource<int>();
            var measuring = way.MeasureAsync(answer.Task);
            _time.Advance(TimeSpan.FromMilliseconds(took));
            answer.SetResult(took);
            Assert.Equal(took, await measuring);
        }

        Assert.Equal(TimeSpan.FromMilliseconds(10), way.Estimate);
    }
}
