using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.History;

namespace Tunnel.Relay.Team;

/// <summary>Deletes what is too old or too much of each project's history, and the histories of projects that are gone.</summary>
internal sealed partial class ProjectUpkeep(
    ITeamStore teams,
    IProjectHistories histories,
    ProjectViews views,
    TimeProvider time,
    ILogger<ProjectUpkeep> logger
) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>One round over all projects.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        // Histories first: a project that is made meanwhile has none of these. A view can be left of one that another relay has deleted.
        var kept = await histories.ListAsync(cancellationToken);
        var shown = views.Projects;
        var projects = await teams.ListProjectsAsync(cancellationToken);
        foreach (var id in kept.Union(shown).Except(projects.Select(project => project.Id)))
        {
            await DeleteAsync(id, cancellationToken);
        }

        foreach (var project in projects)
        {
            await PruneAsync(project, cancellationToken);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.RepeatAsync(RunOnceAsync, Every, Tell, time, stoppingToken);

    private async Task DeleteAsync(long id, CancellationToken cancellationToken)
    {
        try
        {
            views.Forget(id);
            await histories.DeleteAsync(id, cancellationToken);
            Log.Deleted(logger, id);
        }
        catch (HistoryUnavailableException unavailable)
        {
            // It must not keep the others from being looked after, and goes in a later round.
            Log.NotDeleted(logger, id, unavailable.Message);
        }
    }

    private async Task PruneAsync(TeamProject project, CancellationToken cancellationToken)
    {
        try
        {
            var history = await histories.OpenAsync(project, cancellationToken);
            await history.PruneAsync(time.GetUtcNow(), project.Keep, cancellationToken);
        }
        catch (HistoryUnavailableException unavailable)
        {
            // Nor must this.
            Log.NotPruned(logger, project.Name, unavailable.Message);
        }
        catch (Exception unforeseen) when (unforeseen is not OperationCanceledException)
        {
            // Nor what is in the history of one project.
            Log.Stumbled(logger, unforeseen);
        }
    }

    private void Tell(Exception failure)
    {
        if (failure is TeamStoreUnavailableException or HistoryUnavailableException)
        {
            // What should be gone stays until the next round.
            Log.Failed(logger, failure.InnerException?.Message ?? failure.Message);
        }
        else
        {
            Log.Stumbled(logger, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1501, LogLevel.Warning, "upkeep of projects failed: {Reason}", EventName = "ProjectUpkeepFailed")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(1502, LogLevel.Warning, "history of project {Project} was not cut: {Reason}", EventName = "ProjectNotPruned")]
        public static partial void NotPruned(ILogger logger, string project, string reason);

        [LoggerMessage(1503, LogLevel.Information, "history of deleted project {Id} is gone", EventName = "ProjectHistoryDeleted")]
        public static partial void Deleted(ILogger logger, long id);

        [LoggerMessage(
            1505,
            LogLevel.Warning,
            "history of deleted project {Id} is still there: {Reason}",
            EventName = "ProjectHistoryKept"
        )]
        public static partial void NotDeleted(ILogger logger, long id, string reason);

        [LoggerMessage(1504, LogLevel.Error, "upkeep of projects failed", EventName = "ProjectUpkeepStumbled")]
        public static partial void Stumbled(ILogger logger, Exception failure);
    }
}
