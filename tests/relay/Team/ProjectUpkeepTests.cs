using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.State;
using Tunnel.Relay.Team;
using Tunnel.Relay.Team.Sqlite;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team;

public sealed class ProjectUpkeepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SqlTeamStore _teams;
    private readonly SqliteProjectHistories _histories;
    private readonly ProjectViews _views;
    private readonly ProjectUpkeep _upkeep;

    public ProjectUpkeepTests()
    {
        var options = new RelayOptions { DataDirectory = _folder.FullName };
        _teams = new SqlTeamStore(new SqliteTeamDatabase(new RelayDatabase(options)), _time);
        _histories = new SqliteProjectHistories(options);
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        _views = new ProjectViews(_histories, _time, lifetime);
        _upkeep = new ProjectUpkeep(_teams, _histories, _views, _time, NullLogger<ProjectUpkeep>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachProject_KeepsWhatItIsToKeep()
    {
        var (short_, long_) = (await CreateAsync("short", TimeSpan.FromDays(1)), await CreateAsync("long", TimeSpan.FromDays(30)));
        await WriteAsync(short_, _time.GetUtcNow() - TimeSpan.FromDays(2));
        await WriteAsync(long_, _time.GetUtcNow() - TimeSpan.FromDays(2));

        await _upkeep.RunOnceAsync(Cancellation);

        Assert.Equal((0, 1), (await CountAsync(short_), await CountAsync(long_)));
    }

    [Fact]
    public async Task HistoryOfADeletedProject_IsDeletedAndOthersStay()
    {
        var (gone, kept) = (await CreateAsync("gone", TimeSpan.FromDays(1)), await CreateAsync("kept", TimeSpan.FromDays(1)));
        await WriteAsync(gone, _time.GetUtcNow());
        await WriteAsync(kept, _time.GetUtcNow());
        await _teams.DeleteProjectAsync("gone", Cancellation);

        await _upkeep.RunOnceAsync(Cancellation);

        Assert.Equal([kept.Id], await _histories.ListAsync(Cancellation));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_folder.PathOf("projects")),
            file => Path.GetFileName(file).StartsWith($"{gone.Id}.", StringComparison.Ordinal)
        );
        Assert.Equal(1, await CountAsync(kept));
    }

    [Fact]
    public async Task HistoriesThatCannotBeLookedAfter_DoNotKeepTheOthersFromIt()
    {
        var (gone, bad, kept) = (
            await CreateAsync("gone", TimeSpan.FromDays(1)),
            await CreateAsync("bad", TimeSpan.FromDays(1)),
            await CreateAsync("kept", TimeSpan.FromDays(1))
        );
        await WriteAsync(gone, _time.GetUtcNow());
        await WriteAsync(kept, _time.GetUtcNow() - TimeSpan.FromDays(2));
        await _teams.DeleteProjectAsync("gone", Cancellation);
        var histories = new TroubledHistories(_histories) { CannotBeDeleted = gone.Id, CannotBeOpened = bad.Id };
        using var upkeep = new ProjectUpkeep(_teams, histories, _views, _time, NullLogger<ProjectUpkeep>.Instance);

        await upkeep.RunOnceAsync(Cancellation);

        Assert.Equal(0, await CountAsync(kept));
    }

    [Fact]
    public async Task ViewOfADeletedProject_IsForgotten_WhoeverHasDeletedItsHistory()
    {
        var (gone, kept) = (await CreateAsync("gone", TimeSpan.FromDays(1)), await CreateAsync("kept", TimeSpan.FromDays(1)));
        await _views.OfAsync(gone, Cancellation);
        await _views.OfAsync(kept, Cancellation);
        await _teams.DeleteProjectAsync("gone", Cancellation);
        await _histories.DeleteAsync(gone.Id, Cancellation);

        await _upkeep.RunOnceAsync(Cancellation);

        Assert.Equal([kept.Id], _views.Projects);
    }

    public void Dispose()
    {
        _histories.Dispose();
        _upkeep.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private async Task<TeamProject> CreateAsync(string name, TimeSpan age)
    {
        await _teams.CreateProjectAsync(name, TeamProject.DefaultKeep with { MaxAge = age }, Cancellation);
        return (await _teams.FindProjectAsync(name, Cancellation))!;
    }

    private async Task WriteAsync(TeamProject project, DateTimeOffset at)
    {
        var one = new McpEvent
        {
            Ts = McpEvent.Timestamp(at),
            Type = EventTypes.ToolCall,
            Tool = "search",
            Status = "ok",
            LatencyMs = 1,
        };
        var store = await _histories.OpenAsync(project, Cancellation);
        await store.WriteAsync(new HistoryBatch { Entries = [new HistoryEntry(Guid.NewGuid(), one)] }, Cancellation);
    }

    private async Task<long> CountAsync(TeamProject project) =>
        (await (await _histories.OpenAsync(project, Cancellation)).StateAsync(Cancellation)).Events;

    /// <summary>Histories of which one cannot be deleted, and one breaks what looks at it in a way that nobody foresaw.</summary>
    private sealed class TroubledHistories(IProjectHistories inner) : IProjectHistories
    {
        public required long CannotBeDeleted { get; init; }

        public required long CannotBeOpened { get; init; }

        public ValueTask<IHistoryStore> OpenAsync(TeamProject project, CancellationToken cancellationToken) =>
            project.Id == CannotBeOpened ? throw new InvalidOperationException("a bug") : inner.OpenAsync(project, cancellationToken);

        public ValueTask<IReadOnlyList<long>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

        public ValueTask DeleteAsync(long projectId, CancellationToken cancellationToken) =>
            projectId == CannotBeDeleted
                ? throw new HistoryUnavailableException("held", new IOException())
                : inner.DeleteAsync(projectId, cancellationToken);
    }
}
