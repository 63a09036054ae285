using System.Diagnostics;
using Tunnel.Bench.Load;

namespace Tunnel.Bench.Tests.Load;

public sealed class HistogramTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    [InlineData(1)]
    public void TimesOfAllSizes_PercentilesAreRightToOnePercent(double part)
    {
        var random = new Random(20260102);
        var times = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(10, 1 + (random.NextDouble() * 10))).ToList();
        var histogram = new Histogram();
        times.ForEach(histogram.Add);
        times.Sort();

        var exact = times[(int)Math.Ceiling(part * times.Count) - 1];

        Assert.InRange(histogram.Percentile(part) / Milliseconds(exact), 0.99, 1.01);
    }

    [Fact]
    public void NoTimes_PercentileIsZero() => Assert.Equal(0, new Histogram().Percentile(0.99));

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(long.MaxValue)]
    public void TimeBeyondMeasure_IsCountedAllTheSame(long ticks)
    {
        var histogram = new Histogram();

        histogram.Add(ticks);

        Assert.Equal(1, histogram.Count);
    }

    private static double Milliseconds(long ticks) => ticks / (double)Stopwatch.Frequency * 1000;
}
