using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Report;
using Tunnel.Bench.Run.Stages;

namespace Tunnel.Bench.Run;

/// <summary>The whole run: programs, stages, report.</summary>
internal sealed class BenchRun(RunOptions options)
{
    private readonly Results _results = new();

    /// <returns>The exit code: 1 if there is nothing to report, and for a quick run also if anything was missing.</returns>
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

        Table[] tables = [.. new Tables(_results).All(), .. new ScaleTables(_results, options).All()];
        var report = ReportWriter.ToMarkdown(machine, options, _results, tables);
        await Console.Out.WriteAsync(report);
        await SaveAsync(machine, report);
        if (options.Into is { } document)
        {
            foreach (var name in await MarkedTables.ReplaceAsync(document, tables, CancellationToken.None))
            {
                Tell($"{document.Name} has no <!-- bench:{name} -->");
            }
        }

        var isFailed = tables.Length == 0 || (options.IsQuick && _results.Notes.Count > 0);
        return isFailed || cancellationToken.IsCancellationRequested ? 1 : 0;
    }

    private async Task RunStagesAsync(CancellationToken cancellationToken)
    {
        var installed = options.IsQuick ? PeerInstaller.Find() : await PeerInstaller.InstallAsync(Tell, cancellationToken);
        var runner = new StageRunner(options, installed, _results, Tell);
        if (options.IsScale)
        {
            await RunAsync(StandardStages.ScaleHeld, () => runner.RunAsync(StandardStages.HeldCurve(options), cancellationToken));
            await RunAsync(ActiveTunnels.Stage, () => new ActiveTunnels(options, installed, _results, Tell).RunAsync(cancellationToken));
            await RunAsync(IdleTunnels.Stage, () => new IdleTunnels(options, _results, Tell).RunAsync(cancellationToken));
            return;
        }

        foreach (var stage in StandardStages.Chosen(options, installed))
        {
            await RunAsync(stage.Name, () => runner.RunAsync(stage, cancellationToken));
        }

        await RunAsync(Allocation.Stage, () => new Allocation(options, installed, _results).RunAsync(cancellationToken));
        await RunAsync(StartUp.Stage, () => new StartUp(options, installed, _results).RunAsync(cancellationToken));
        await RunAsync(Micro.Stage, () => new Micro(options, _results).RunAsync(cancellationToken));
    }

    private async Task RunAsync(string stage, Func<Task> run)
    {
        if (!options.Only.IsMatch(stage))
        {
            return;
        }

        Tell($"stage {stage}");
        try
        {
            await run();
        }
        catch (BenchFailedException failure)
        {
            _results.Note($"{stage}: {failure.Message}");
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
