using Tunnel.ProxyCore.History;
using Xunit;

namespace Tunnel.ProxyCore.Tests.History;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void Quantiles_AreAtMostFivePercentOff_WhateverTheSpread(double part)
    {
        var random = new Random(4711);
        long[] times = [.. Enumerable.Range(0, 5000).Select(_ => (long)Math.Exp(random.NextDouble() * 20) + 1)];
        var parts = times
            .Chunk(700)
            .Select(chunk =>
            {
                var some = new LatencyHistogram();
                Array.ForEach(chunk, some.Add);
                return some.Encode();
            });

        var all = new LatencyHistogram();
        foreach (var encoded in parts)
        {
            all.Merge(encoded);
        }

        var exact = times.Order().ElementAt((int)Math.Ceiling(part * times.Length) - 1);
        Assert.Equal(times.Length, all.Count);
        Assert.InRange(all.Quantile(part)!.Value, exact * 0.95, exact * 1.05);
    }

    [Fact]
    public void NothingAndNonsense_HaveNoQuantile()
    {
        var histogram = new LatencyHistogram();
        histogram.Merge([0xff, 0xff, 0xff]);
        histogram.Merge([0xff, 0xff, 0x7f, 0x01]);

        Assert.Null(histogram.Quantile(0.5));
    }
}
