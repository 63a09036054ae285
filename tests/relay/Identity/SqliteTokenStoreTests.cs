using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.Sqlite;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Relay.State;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Identity;

public sealed class SqliteTokenStoreTests : TokenStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    private protected override DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public async Task PatternsThatSomebodyBroke_AllowNothing()
    {
        await Open().AddAsync(new TokenRecord { Name = "alice", CreatedAt = Now }, "hash", TestContext.Current.CancellationToken);
        using var connection = new RelayDatabase(new RelayOptions { DataDirectory = _folder.FullName }).Open();
        connection.Execute("UPDATE tokens SET names = 'ALICE;*'");

        var found = await Open().FindAsync("hash", inUse: null, TestContext.Current.CancellationToken);

        Assert.False(found!.Names.Allows("alice"));
        Assert.Empty(found.Names.Candidates());
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override ITokenStore Open() =>
        new SqliteTokenStore(new RelayDatabase(new RelayOptions { DataDirectory = _folder.FullName }), _time);

    private protected override void PassTime(TimeSpan time) => _time.Advance(time);
}
