using System.Diagnostics.Metrics;
using Tunnel.ProxyCore.Telemetry.Prometheus;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Telemetry;

public sealed class MetricCollectorTests : IDisposable
{
    private readonly Meter _meter;
    private readonly MetricCollector _collector;

    public MetricCollectorTests()
    {
        // A name of its own: meters are known to the whole process.
        _meter = new Meter($"test.{Guid.NewGuid():N}");
        _collector = new MetricCollector(_meter.Name);
    }

    [Fact]
    public void Counter_AddsUpByLabelsInAnyOrder()
    {
        var counter = _meter.CreateCounter<long>("app.calls", "{call}", "Calls.");
        counter.Add(2, new("b.c", "x"), new("a", 1));
        counter.Add(3, new("a", 1), new("b.c", "x"));
        counter.Add(5);

        var read = Read();

        Assert.Equal("counter", read.Types["app_calls_total"]);
        Assert.Equal(5, read.Samples["app_calls_total{a=\"1\",b_c=\"x\"}"]);
        Assert.Equal(5, read.Samples["app_calls_total"]);
    }

    [Fact]
    public void TagsThatWereThereBefore_AreCountedWithoutAnAllocation()
    {
        var counter = _meter.CreateCounter<long>("calls");
        object status = 200;
        counter.Add(1, new("method", "POST"), new("status", status));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 100; call++)
        {
            counter.Add(1, new("method", "POST"), new("status", status));
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(101, Read().Samples["calls_total{method=\"POST\",status=\"200\"}"]);
    }

    [Fact]
    public void LabelsAndHelp_AreEscaped()
    {
        var counter = _meter.CreateCounter<int>("calls", unit: null, "Two\nlines and a \\");
        counter.Add(1, new KeyValuePair<string, object?>("tool", "a\"b\\c\nd}, e=\"f\"é\u2028"));

        var read = Read();

        Assert.Equal(1, read.Samples["calls_total{tool=\"a\"b\\c\nd}, e=\"f\"é\u2028\"}"]);
        Assert.Contains("# HELP calls_total Two\\nlines and a \\\\\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Histogram_HasTheBoundsThatTheInstrumentAdvises()
    {
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] };
        var histogram = _meter.CreateHistogram("wait", "s", "Waiting.", tags: null, advice);
        foreach (var value in new[] { 0.1, 0.5, 0.7, 3 })
        {
            histogram.Record(value, new KeyValuePair<string, object?>("a", "b"));
        }

        var read = Read();

        Assert.Equal("histogram", read.Types["wait_seconds"]);
        Assert.Equal(2, read.Samples["wait_seconds_bucket{a=\"b\",le=\"0.5\"}"]);
        Assert.Equal(3, read.Samples["wait_seconds_bucket{a=\"b\",le=\"1\"}"]);
        Assert.Equal(4, read.Samples["wait_seconds_bucket{a=\"b\",le=\"+Inf\"}"]);
        Assert.Equal(4.3, read.Samples["wait_seconds_sum{a=\"b\"}"], precision: 9);
        Assert.Contains("# UNIT wait_seconds seconds\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void ObservedValues_AreThoseOfTheMomentOfReading()
    {
        var level = 1;
        List<Measurement<int>> queues = [new(1, new KeyValuePair<string, object?>("queue", "a"))];
        _meter.CreateObservableGauge("level", () => level);
        _meter.CreateObservableUpDownCounter("waiting", () => queues);
        Read();
        level = 7;
        queues = [new(2, new KeyValuePair<string, object?>("queue", "b"))];

        var read = Read();

        Assert.Equal(7, read.Samples["level"]);
        Assert.Equal(2, read.Samples["waiting{queue=\"b\"}"]);
        Assert.Equal(2, read.Samples.Count);
    }

    [Fact]
    public void UpDownCounter_IsAGaugeThatSinks()
    {
        var open = _meter.CreateUpDownCounter<long>("open");
        open.Add(3);
        open.Add(-1);

        var read = Read();

        Assert.Equal(("gauge", 2), (read.Types["open"], read.Samples["open"]));
    }

    [Fact]
    public void TooManyLabels_AreCountedTogether()
    {
        var counter = _meter.CreateCounter<long>("calls");
        for (var number = 0; number < MetricFamily.MaxSeries + 500; number++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("tool", number));
        }

        var read = Read();

        Assert.Equal(MetricFamily.MaxSeries + 1, read.Samples.Count);
        Assert.Equal(500, read.Samples["calls_total{otel_metric_overflow=\"true\"}"]);
    }

    [Fact]
    public void InstrumentsOfOtherMeters_AreLeftOut()
    {
        using var other = new Meter($"other.{Guid.NewGuid():N}");
        other.CreateCounter<long>("calls").Add(1);

        Assert.Empty(Text());
    }

    [Theory]
    [InlineData("mcp.server.operation.duration", "s", MetricKind.Histogram, "mcp_server_operation_duration_seconds")]
    [InlineData("kestrel.active_connections", "{connection}", MetricKind.UpDown, "kestrel_active_connections")]
    [InlineData("dotnet.gc.heap.total_allocated", "By", MetricKind.Counter, "dotnet_gc_heap_total_allocated_bytes_total")]
    [InlineData("already_total", null, MetricKind.Counter, "already_total")]
    [InlineData("used_bytes", "By", MetricKind.Gauge, "used_bytes")]
    [InlineData("cpu.utilization", "1", MetricKind.Gauge, "cpu_utilization_ratio")]
    [InlineData("2xx-answers", null, MetricKind.Counter, "_2xx_answers_total")]
    public void Names_AreThoseOfPrometheus(string name, string? unit, object kind, string expected)
    {
        Assert.Equal(expected, MetricNames.Family(name, unit, (MetricKind)kind));
    }

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    private PrometheusReader Read() => new(Text());

    private string Text()
    {
        using var text = new StringWriter();
        _collector.WriteTo(text);
        return text.ToString();
    }
}
