using Microsoft.Data.Sqlite;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Names;
using Tunnel.Relay.State;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Names;

public sealed class SqliteNameStoreTests : NameStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    private protected override DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public async Task DamagedDatabase_IsReportedAsUnavailable()
    {
        var store = Open();
        SqliteConnection.ClearAllPools();
        File.Delete(_folder.PathOf("relay.db-wal"));
        await File.WriteAllTextAsync(_folder.PathOf("relay.db"), new string('x', 8192), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<NameStoreUnavailableException>(async () =>
            await store.ReserveAsync(new NameOwner("owner", KeepFor: null, MaxNames: 1), "otter", TestContext.Current.CancellationToken)
        );
        await Assert.ThrowsAsync<NameStoreUnavailableException>(async () =>
            await store.FindAsync("otter", TestContext.Current.CancellationToken)
        );
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override INameStore Open() =>
        new SqliteNameStore(new RelayDatabase(new RelayOptions { DataDirectory = _folder.FullName }), _time);

    private protected override void PassTime(TimeSpan time) => _time.Advance(time);
}

public sealed class SqliteNameStoreInterleavingTests : NameStoreInterleavings, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override INameStore Open() =>
        new SqliteNameStore(new RelayDatabase(new RelayOptions { DataDirectory = _folder.FullName }), _time);

    private protected override void PassTime(TimeSpan time) => _time.Advance(time);
}
