using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Report;
using Tunnel.Bench.Run.Stages;

namespace Tunnel.Bench.Run;

/// <summary>The whole run: programs, stages, report.</summary>
internal sealed class BenchRun(RunOptions options)
{
    private readonly Results _results = new();

    /// <returns>The exit code: 1 if there is nothing to report.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var machine = Machine.Read();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Limit);
        try
        {
            await RunStagesAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _results.Note("the run was ended before it was through");
        }

        Table[] tables = [.. new Tables(_results).All()];
        var report = ReportWriter.ToMarkdown(machine, options, _results, tables);
        await Console.Out.WriteAsync(report);
        await SaveAsync(machine, report);
        if (options.Into is { } document)
        {
            await MarkedTables.ReplaceAsync(document, tables, CancellationToken.None);
        }

        return tables.Length > 0 && !cancellationToken.IsCancellationRequested ? 0 : 1;
    }

    private async Task RunStagesAsync(CancellationToken cancellationToken)
    {
        var installed = await PeerInstaller.InstallAsync(Tell, cancellationToken);
        var runner = new StageRunner(options, installed, _results, Tell);
        foreach (var stage in StandardStages.All(options, installed).Where(stage => options.Only.IsMatch(stage.Name)))
        {
            try
            {
                await runner.RunAsync(
                    stage with
                    {
                        Paths = [.. stage.Paths.Where(path => options.Paths.IsMatch(path.Name))],
                    },
                    cancellationToken
                );
            }
            catch (BenchFailedException failure)
            {
                _results.Note($"{stage.Name}: {failure.Message}");
            }
        }
    }

    private async Task SaveAsync(Machine machine, string report)
    {
        Directory.CreateDirectory(Programs.Results);
        var name = Path.Combine(Programs.Results, $"{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}");
        await File.WriteAllTextAsync(name + ".md", report, CancellationToken.None);
        await File.WriteAllTextAsync(name + ".json", ReportWriter.ToJson(machine, options, _results), CancellationToken.None);
        Tell($"every sample is in {name}.json");
    }

    /// <summary>Progress is for people; standard output has nothing but the report.</summary>
    private static void Tell(string text) => Console.Error.WriteLine($"bench: {text}");
}
