using Tunnel.Relay.Limits;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Limits;

public sealed class RateLimitTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Burst_IsWhatFitsIntoAPeriodAndNoMore()
    {
        var limit = new RateLimit(10, TimeSpan.FromSeconds(1), _time);

        Assert.Equal(10, Taken(limit, caller: 1, attempts: 50));
    }

    [Fact]
    public void EmptyBucket_FillsAtItsRate()
    {
        var limit = new RateLimit(10, TimeSpan.FromSeconds(1), _time);
        Taken(limit, caller: 1, attempts: 10);

        _time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(3, Taken(limit, caller: 1, attempts: 50));

        // It is full after a second and does not run over.
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, Taken(limit, caller: 1, attempts: 50));
    }

    [Fact]
    public void Refusals_CostNothing()
    {
        var limit = new RateLimit(1, TimeSpan.FromMinutes(1), _time);
        Taken(limit, caller: 1, attempts: 1000);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(limit.TryTake(1));
    }

    [Fact]
    public void OtherCallers_HaveBucketsOfTheirOwn()
    {
        var limit = new RateLimit(5, TimeSpan.FromSeconds(1), _time);
        Taken(limit, caller: -1, attempts: 50);

        Assert.Equal(5, Taken(limit, caller: int.MinValue, attempts: 50));
        Assert.False(limit.TryTake(-1));
    }

    [Fact]
    public void Zero_IsNoLimit()
    {
        var limit = new RateLimit(0, TimeSpan.FromSeconds(1), _time);

        Assert.Equal(10_000, Taken(limit, caller: 1, attempts: 10_000));
    }

    [Fact]
    public void CallersAtTheSameTime_GetNoMoreThanTheBurst()
    {
        var limit = new RateLimit(1000, TimeSpan.FromSeconds(1), _time);
        var taken = 0;

        Parallel.For(0, 20_000, _ => Interlocked.Add(ref taken, limit.TryTake(7) ? 1 : 0));

        Assert.Equal(1000, taken);
    }

    [Fact]
    public void WhatOthersTook_IsMissingHereAndADebtIsPaidBack()
    {
        var limit = new RateLimit(10, TimeSpan.FromSeconds(1), _time);
        limit.Drain(1, TimeSpan.FromMilliseconds(600));
        limit.Drain(1, TimeSpan.FromMilliseconds(300));
        Assert.Equal(4, Taken(limit, caller: 1, attempts: 50));

        limit.Drain(1, TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(limit.TryTake(1));
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(2, Taken(limit, caller: 1, attempts: 50));
    }

    private static int Taken(RateLimit limit, int caller, int attempts) => Enumerable.Range(0, attempts).Count(_ => limit.TryTake(caller));
}
