using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Report;
using Tunnel.Bench.Run.Workloads;

namespace Tunnel.Bench.Run.Stages;

/// <summary>Runs a stage: everything up, everything warm, then round after round of every load on every path.</summary>
internal sealed class StageRunner(RunOptions options, Installed installed, Results results, Action<string> tell)
{
    /// <summary>Programs that have just started still do things; idle is what they are after that.</summary>
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);

    public async Task RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var bed = new Bed(FreePort.Next(), installed, folder);
        var running = new List<RunningPath>();
        RunningPath? origin = null;
        try
        {
            origin = stage.Origin is { } kind ? await Origins.StartAsync(kind, bed, cancellationToken) : null;
            foreach (var path in stage.Paths)
            {
                if (await StartAsync(path, bed, cancellationToken) is { } started)
                {
                    running.Add(started);
                }
            }

            await Task.Delay(options.IsQuick ? TimeSpan.Zero : s_settle, TimeProvider.System, cancellationToken);
            foreach (var path in running)
            {
                results.Add(new Sample(stage.Name, path.Name, Sample.Idle, 0, Costs.Memory(path)));
            }

            foreach (var path in running.Where(path => !DefinitionOf(path, stage).StartsAnewEachRound))
            {
                await WarmUpAsync(stage, path, cancellationToken);
            }

            for (var round = 1; round <= options.Rounds; round++)
            {
                await RestartAsync(stage, bed, running, cancellationToken);
                await RunRoundAsync(stage, running, round, cancellationToken);
            }
        }
        finally
        {
            foreach (var path in running)
            {
                await path.DisposeAsync();
            }

            if (origin is not null)
            {
                await origin.DisposeAsync();
            }
        }
    }

    /// <returns>Null where it cannot be started, which is told.</returns>
    private async Task<RunningPath?> StartAsync(PathDefinition path, Bed bed, CancellationToken cancellationToken)
    {
        if (path.Lacks is { } lacks)
        {
            results.Note($"{path.Name} was left out: {lacks}");
            return null;
        }

        try
        {
            return await path.StartAsync(bed, cancellationToken);
        }
        catch (BenchFailedException failure)
        {
            results.Note(failure.Message);
            tell(failure.Message);
            return null;
        }
    }

    private static PathDefinition DefinitionOf(RunningPath path, Stage stage) =>
        stage.Paths.Single(definition => string.Equals(definition.Name, path.Name, StringComparison.Ordinal));

    private async Task RestartAsync(Stage stage, Bed bed, List<RunningPath> running, CancellationToken cancellationToken)
    {
        foreach (var path in running.Where(path => DefinitionOf(path, stage).StartsAnewEachRound).ToArray())
        {
            running.Remove(path);
            await path.DisposeAsync();
            if (await StartAsync(DefinitionOf(path, stage), bed, cancellationToken) is { } again)
            {
                running.Add(again);
                await WarmUpAsync(stage, again, cancellationToken);
            }
        }
    }

    private async Task WarmUpAsync(Stage stage, RunningPath path, CancellationToken cancellationToken)
    {
        tell($"  warming up {path.Name}");
        try
        {
            await stage.WarmUp.RunAsync(path, cancellationToken);
        }
        catch (BenchFailedException failure)
        {
            results.Note($"{stage.Name}, {path.Name}, warming up: {failure.Message}");
        }
    }

    private async Task RunRoundAsync(Stage stage, List<RunningPath> paths, int round, CancellationToken cancellationToken)
    {
        foreach (var workload in stage.Workloads)
        {
            tell($"  round {round} of {options.Rounds}: {workload.Name}");
            for (var at = 0; at < paths.Count; at++)
            {
                // Another one is the first in each round, so that none always comes after the same neighbour's heat.
                var path = paths[(at + round) % paths.Count];
                if (!results.HasFailed(stage.Name, path.Name, workload.Name))
                {
                    await MeasureAsync(stage, path, workload, round, cancellationToken);
                }
            }
        }
    }

    private async Task MeasureAsync(Stage stage, RunningPath path, Workload workload, int round, CancellationToken cancellationToken)
    {
        try
        {
            var values = await Costs.OfAsync(path, workload, options.Duration, cancellationToken);
            results.Add(new Sample(stage.Name, path.Name, workload.Name, round, values));
            if (values.GetValueOrDefault("failed") is var failed and > 0)
            {
                results.Note($"{stage.Name}, {path.Name}, {workload.Name}: {failed} of {values["requests"]} calls failed in round {round}");
            }
        }
        catch (BenchFailedException failure)
        {
            results.Fail(stage.Name, path.Name, workload.Name, failure.Message);
            tell($"    {path.Name}: {failure.Message}");
        }
    }
}
