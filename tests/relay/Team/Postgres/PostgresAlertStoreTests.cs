using Tunnel.Relay.Team;
using Tunnel.Relay.Team.Alerts;
using Tunnel.Relay.Team.Postgres;
using Tunnel.Relay.Tests.Team.Alerts;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Postgres;

[Trait("needs", "postgres")]
public sealed class PostgresAlertStoreTests(PostgresFixture server) : AlertStoreContract, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private PostgresDatabase _database = null!;

    private protected override DateTimeOffset Now => _time.GetUtcNow();

    private protected override ITeamStore Projects => new SqlTeamStore(new PostgresTeamDatabase(_database), _time);

    public async ValueTask InitializeAsync() => _database = await server.NewDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private protected override IAlertStore Open() => new SqlAlertStore(new PostgresTeamDatabase(_database), _time);

    private protected override void PassTime(TimeSpan time) => _time.Advance(time);
}
