using Tunnel.Relay.Team;
using Tunnel.Relay.Team.Postgres;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Postgres;

[Trait("needs", "postgres")]
public sealed class PostgresTeamStoreTests(PostgresFixture server) : TeamStoreContract, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private PostgresDatabase _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected override DateTimeOffset Now => _time.GetUtcNow();

    public async ValueTask InitializeAsync() => _database = await server.NewDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task SeveralRelaysThatBeginAtOnce_MakeOneProject()
    {
        var changes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Open().CreateProjectAsync("acme", TeamProject.DefaultKeep, Token).AsTask())
        );

        Assert.Single(changes, TeamChange.Done);
        Assert.Equal(7, changes.Count(change => change == TeamChange.Exists));
    }

    [Fact]
    public async Task HistoryOfAProject_IsListedAndDeleted()
    {
        await Open().CreateProjectAsync("acme", TeamProject.DefaultKeep, Token);
        var project = (await Open().FindProjectAsync("acme", Token))!;
        var (histories, others) = (new PostgresProjectHistories(_database), new PostgresProjectHistories(_database));
        Assert.Empty(await others.ListAsync(Token));

        await (await histories.OpenAsync(project, Token)).StateAsync(Token);
        Assert.Equal([project.Id], await others.ListAsync(Token));
        await others.DeleteAsync(project.Id, Token);

        Assert.Empty(await others.ListAsync(Token));
    }

    private protected override ITeamStore Open() => new SqlTeamStore(new PostgresTeamDatabase(_database), _time);
}
