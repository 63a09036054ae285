using System.Text.Json;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Tunnel.Bench.Micro;

// Bench.Micro [--quick]: measures parts of the proxy core alone, and prints one JSON object: what was measured, and its numbers.
var job = args is ["--quick"] ? Job.Dry : Job.ShortRun;

// In this process: another one would have to be built first, outside of this repository's rules for packages.
var config = ManualConfig
    .CreateEmpty()
    .AddJob(job.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddLogger(NullLogger.Instance)
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "mcpr-bench-micro"));

var results = new Dictionary<string, Dictionary<string, double>>(StringComparer.Ordinal);
foreach (var summary in BenchmarkRunner.Run([typeof(HtmlBenchmarks), typeof(JsonRpcBenchmarks)], config))
{
    foreach (var report in summary.Reports)
    {
        results[Document.TitleOf(report.BenchmarkCase)] = NumbersOf(report);
    }
}

Console.WriteLine(JsonSerializer.Serialize(results));
return results.Count > 0 ? 0 : 1;

static Dictionary<string, double> NumbersOf(BenchmarkReport report)
{
    const double nanosecondsPerSecond = 1e9;
    const double bytesPerMegabyte = 1e6;
    var nanoseconds = report.ResultStatistics!.Mean;
    return new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["us"] = nanoseconds / 1000,
        ["mbps"] = Document.LengthOf(report.BenchmarkCase) / nanoseconds * nanosecondsPerSecond / bytesPerMegabyte,
        ["allocated"] = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0,
    };
}
