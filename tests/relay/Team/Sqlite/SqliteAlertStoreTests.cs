using Microsoft.Data.Sqlite;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.State;
using Tunnel.Relay.Team;
using Tunnel.Relay.Team.Alerts;
using Tunnel.Relay.Team.Sqlite;
using Tunnel.Relay.Tests.Team.Alerts;
using Tunnel.Tests;

namespace Tunnel.Relay.Tests.Team.Sqlite;

public sealed class SqliteAlertStoreTests : AlertStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    private protected override DateTimeOffset Now => _time.GetUtcNow();

    private protected override ITeamStore Projects => new SqlTeamStore(new SqliteTeamDatabase(Database()), _time);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override IAlertStore Open() => new SqlAlertStore(new SqliteTeamDatabase(Database()), _time);

    private protected override void PassTime(TimeSpan time) => _time.Advance(time);

    private RelayDatabase Database() => new(new RelayOptions { DataDirectory = _folder.FullName });
}
