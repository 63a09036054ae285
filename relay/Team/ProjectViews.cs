using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Tunnel.ProxyCore.Dashboard.Api;

namespace Tunnel.Relay.Team;

/// <summary>What the dashboard shows of projects. Bounded by how many projects there are: <see cref="ProjectUpkeep"/> has those forgotten that are gone.</summary>
internal sealed class ProjectViews(IProjectHistories histories, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private readonly ConcurrentDictionary<long, HistoryView> _views = new();

    /// <summary>The projects whose histories were shown.</summary>
    public IReadOnlyList<long> Projects => [.. _views.Keys];

    /// <exception cref="ProxyCore.History.HistoryUnavailableException">The history cannot be opened now.</exception>
    public async ValueTask<HistoryView> OfAsync(TeamProject project, CancellationToken cancellationToken)
    {
        if (_views.TryGetValue(project.Id, out var known))
        {
            return known;
        }

        var history = await histories.OpenAsync(project, cancellationToken);
        return _views.GetOrAdd(project.Id, static (_, make) => make(), () => new HistoryView(history, time, lifetime.ApplicationStopping));
    }

    public void Forget(long projectId) => _views.TryRemove(projectId, out _);
}
