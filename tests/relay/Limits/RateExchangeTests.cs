using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Limits;
using Tunnel.Relay.Tests.State;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Limits;

/// <summary>Relays with clocks of their own, which stand still unless a test moves them, and one real Redis.</summary>
[Trait("needs", "redis")]
public sealed class RateExchangeTests(RedisServer redis) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private readonly RedisStores _stores = new(redis);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _stores.SettleAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task WhatOneRelayLetThrough_IsMissingOnTheOther()
    {
        using var one = new Relay(_stores, perSecond: 1000);
        using var two = new Relay(_stores, perSecond: 1000);
        Assert.Equal(700, one.Take("otter", 700));
        Assert.Equal(100, two.Take("otter", 100));

        await one.ExchangeAsync();
        await two.ExchangeAsync();

        // Some milliseconds give some back.
        Assert.InRange(two.Take("otter", 5000), 200, 999 - 100);
        Assert.Equal(1000, two.Take("heron", 5000));
    }

    [Fact]
    public async Task MoreThanTheRateInAll_IsADebtThatBothPayBack()
    {
        using var one = new Relay(_stores, perSecond: 10);
        using var two = new Relay(_stores, perSecond: 10);
        Assert.Equal((10, 10), (one.Take("otter", 50), two.Take("otter", 50)));

        await one.ExchangeAsync();
        await two.ExchangeAsync();

        two.Time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(0, two.Take("otter", 50));
        two.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(two.Take("otter", 50), 4, 10);
    }

    [Fact]
    public async Task CallerWhoUsesLittle_IsNotWorthTelling()
    {
        using var one = new Relay(_stores, perSecond: 1000);
        one.Take("otter", 15);
        one.Take("heron", 1000);

        await one.ExchangeAsync();

        // What was told is there until its bucket is full again, which takes a second.
        var keys = (string[])await redis.Database(_stores.Database).ExecuteAsync("KEYS", "mcpr:rate:*");
        Assert.Equal("mcpr:rate:name:heron", Assert.Single(keys));
    }

    [Fact]
    public async Task RateWithoutALimit_TellsNothing()
    {
        using var one = new Relay(_stores, perSecond: 0);
        Assert.Equal(5000, one.Take("otter", 5000));

        await one.ExchangeAsync();

        Assert.Empty((string[])await redis.Database(_stores.Database).ExecuteAsync("KEYS", "mcpr:rate:*"));
    }

    private sealed class Relay : IDisposable
    {
        private readonly SharedRate _rate;
        private readonly RateExchange _exchange;

        public Relay(RedisStores stores, int perSecond)
        {
            _rate = new SharedRate(perSecond, static caller => $"name:{caller}", isShared: true, Time);
            _exchange = new RateExchange(
                stores.Connect(),
                new VisitorLimits(new RelayOptions(), Time),
                Time,
                NullLogger<RateExchange>.Instance
            );
        }

        public ManualTimeProvider Time { get; } = new();

        public int Take(string name, int attempts) =>
            Enumerable.Range(0, attempts).Count(_ => _rate.TryTake(name.GetHashCode(StringComparison.Ordinal), name));

        public void Dispose() => _exchange.Dispose();

        public Task ExchangeAsync() => _exchange.ExchangeAsync(_rate, Token);
    }
}
