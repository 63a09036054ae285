using Microsoft.Data.Sqlite;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.State;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.State;

public sealed class RelayDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void EveryConnection_CommitsWithoutWaitingForTheDisk()
    {
        var database = new RelayDatabase(new RelayOptions { DataDirectory = _folder.FullName });
        using var one = database.Open();
        using var two = database.Open();
        using var synchronous = two.CreateCommand();
        synchronous.CommandText = "PRAGMA synchronous";

        // 1 is NORMAL, which is safe in WAL; the default of a connection is FULL.
        Assert.Equal(1L, synchronous.ExecuteScalar());
    }

    [Fact]
    public void DataDirectory_IsForItsOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are a Unix matter");
            return;
        }

        var path = _folder.PathOf("state", "relay");
        _ = new RelayDatabase(new RelayOptions { DataDirectory = path });

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
