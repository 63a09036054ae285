using Tunnel.Connector.Tunneling;
using Xunit;

namespace Tunnel.Connector.Tests.Tunneling;

public sealed class BackoffTests
{
    [Fact]
    public void FirstTry_IsAtOnce()
    {
        Assert.Equal(TimeSpan.Zero, new Backoff(() => 1).Next());
    }

    [Fact]
    public void Bound_GrowsTo15Seconds()
    {
        var backoff = new Backoff(() => 1);
        var delays = Enumerable.Range(0, 2000).Select(_ => backoff.Next()).ToArray();

        Assert.Equal([0, 250, 375, 562.5], delays[..4].Select(delay => delay.TotalMilliseconds));
        Assert.Equal(delays.Order(), delays);
        Assert.Equal(TimeSpan.FromSeconds(15), delays[^1]);
        Assert.Equal(TimeSpan.FromSeconds(15), delays[15]);
    }

    [Fact]
    public void Jitter_IsTheWholeRange()
    {
        var draws = new Queue<double>([0, 0.5, 0.25]);
        var backoff = new Backoff(draws.Dequeue);
        backoff.Next();

        Assert.Equal(TimeSpan.Zero, backoff.Next());
        Assert.Equal(TimeSpan.FromMilliseconds(187.5), backoff.Next());
        Assert.Equal(TimeSpan.FromMilliseconds(140.625), backoff.Next());
    }

    [Fact]
    public void Reset_StartsOver()
    {
        var backoff = new Backoff(() => 1);
        for (var count = 0; count < 10; count++)
        {
            backoff.Next();
        }

        backoff.Reset();

        Assert.Equal(TimeSpan.Zero, backoff.Next());
        Assert.Equal(TimeSpan.FromMilliseconds(250), backoff.Next());
    }
}
