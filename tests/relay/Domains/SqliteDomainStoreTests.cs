using Microsoft.Data.Sqlite;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.State;
using Tunnel.Tests;

namespace Tunnel.Relay.Tests.Domains;

public sealed class SqliteDomainStoreTests : DomainStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    private protected override DateTimeOffset Now => _time.GetUtcNow();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override IDomainStore Open() =>
        new SqliteDomainStore(new RelayDatabase(new RelayOptions { DataDirectory = _folder.FullName }), _time);

    private protected override void PassTime(TimeSpan time) => _time.Advance(time);
}

public sealed class SqliteDomainStoreInterleavingTests : DomainStoreInterleavings, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override IDomainStore Open() =>
        new SqliteDomainStore(new RelayDatabase(new RelayOptions { DataDirectory = _folder.FullName }), _time);
}
