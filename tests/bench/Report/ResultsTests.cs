using Tunnel.Bench.Run.Report;

namespace Tunnel.Bench.Tests.Report;

public sealed class ResultsTests
{
    private readonly Results _results = new();

    [Fact]
    public void MachineSlowsDownInOneRound_RatioIsThatOfTheRounds()
    {
        Add("reference", 1000, 100, 1000);
        Add("ours", 2000, 200, 2100);

        var ratio = _results.RatioOf("stage", "ours", "reference", "calls", "rps");

        Assert.Equal(new Ratio(Median: 2, Least: 2, Greatest: 2.1), ratio);
    }

    [Fact]
    public void ReferenceMissedARound_RoundDoesNotCount()
    {
        Add("reference", 1000);
        Add("ours", 2000, 9000);

        var ratio = _results.RatioOf("stage", "ours", "reference", "calls", "rps");

        Assert.Equal(new Ratio(Median: 2, Least: 2, Greatest: 2), ratio);
    }

    [Fact]
    public void NothingMeasured_ThereIsNoNumber()
    {
        Add("ours", 2000);

        Assert.Null(_results.RatioOf("stage", "ours", "reference", "calls", "rps"));
        Assert.Null(_results.Median("stage", "ours", "calls", "p50"));
    }

    [Fact]
    public void EvenNumberOfRounds_MedianIsBetweenTheMiddleOnes()
    {
        Add("ours", 4, 1, 3, 100);

        Assert.Equal(3.5, _results.Median("stage", "ours", "calls", "rps"));
    }

    private void Add(string path, params double[] rates)
    {
        foreach (var (at, rate) in rates.Index())
        {
            var values = new Dictionary<string, double>(StringComparer.Ordinal) { ["rps"] = rate };
            _results.Add(new Sample("stage", path, "calls", at + 1, values));
        }
    }
}
