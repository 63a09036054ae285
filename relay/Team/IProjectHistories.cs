using Tunnel.ProxyCore.History;

namespace Tunnel.Relay.Team;

/// <summary>The histories of projects, one for each. What they throw is <see cref="HistoryUnavailableException"/>.</summary>
internal interface IProjectHistories
{
    /// <summary>The history of a project, made when it is asked for first. The same object each time, for as long as it is not deleted.</summary>
    ValueTask<IHistoryStore> OpenAsync(TeamProject project, CancellationToken cancellationToken);

    /// <summary>The numbers of all projects that have a history, also of those that are gone.</summary>
    ValueTask<IReadOnlyList<long>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Deletes the history of a project, if it has one.</summary>
    ValueTask DeleteAsync(long projectId, CancellationToken cancellationToken);
}
