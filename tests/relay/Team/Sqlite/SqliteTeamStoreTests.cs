using Microsoft.Data.Sqlite;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.State;
using Tunnel.Relay.Team;
using Tunnel.Relay.Team.Sqlite;
using Tunnel.Tests;

namespace Tunnel.Relay.Tests.Team.Sqlite;

public sealed class SqliteTeamStoreTests : TeamStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    private protected override DateTimeOffset Now => _time.GetUtcNow();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override ITeamStore Open() =>
        new SqlTeamStore(new SqliteTeamDatabase(new RelayDatabase(new RelayOptions { DataDirectory = _folder.FullName })), _time);
}
