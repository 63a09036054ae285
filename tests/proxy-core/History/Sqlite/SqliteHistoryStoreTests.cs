using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Files;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.History.Sqlite;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.History.Sqlite;

public sealed class SqliteHistoryStoreTests : HistoryStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public SqliteHistoryStoreTests()
    {
        _path = _folder.PathOf("state", "history.db");
        Store = new SqliteHistoryStore(HistoryDatabase.Create(_path));
    }

    protected override IHistoryStore Store { get; }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task File_IsItsOwnersOnly_WithThoseBesideIt()
    {
        await WriteAsync(Entries.New(Entries.Call));

        Assert.All(Directory.GetFiles(Path.GetDirectoryName(_path)!), file => Assert.False(PrivateFile.IsOpenToOthers(file)));
        Assert.Equal(3, Directory.GetFiles(Path.GetDirectoryName(_path)!).Length);
    }

    [Fact]
    public async Task SeveralWriters_LoseNothing()
    {
        const int Writers = 4;
        var others = Enumerable.Range(0, Writers).Select(_ => new SqliteHistoryStore(HistoryDatabase.Create(_path))).ToArray();

        await Task.WhenAll(
            others.Select(store =>
                Task.Run(
                    async () =>
                    {
                        for (var batch = 0; batch < 25; batch++)
                        {
                            HistoryEntry[] entries = [.. Enumerable.Range(0, 20).Select(_ => Entries.New(Entries.Call))];
                            Assert.Equal(
                                20,
                                await store.WriteAsync(new HistoryBatch { Entries = entries }, TestContext.Current.CancellationToken)
                            );
                        }
                    },
                    TestContext.Current.CancellationToken
                )
            )
        );

        var sums = new CallSums();
        var count = await Store.ReadRollupsAsync(
            Entries.Range(TimeSpan.FromHours(1)),
            RollupWidths.Hour,
            (in rollup) => sums.Add(rollup),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(1, count);
        Assert.Equal(Writers * 500, sums.Calls);
        Assert.Equal(Writers * 500, (await Store.StateAsync(TestContext.Current.CancellationToken)).Events);
    }

    [Fact]
    public void FileThatIsNoDatabase_IsToldOf()
    {
        var path = _folder.PathOf("other.db");
        File.WriteAllText(path, new string('x', 10_000));

        Assert.Throws<HistoryUnavailableException>(() => HistoryDatabase.Create(path));
        Assert.Throws<HistoryUnavailableException>(() => HistoryDatabase.Find(path));
        Assert.Null(HistoryDatabase.Find(_folder.PathOf("none.db")));
    }

    [Fact]
    public async Task FileOfAnOlderVersion_IsBroughtUpToDate_AndKeepsItsEvents()
    {
        var old = Entries.New(Entries.Call);
        await WriteAsync(old);
        Execute(
            """
            DROP INDEX events_by_request;
            ALTER TABLE events DROP COLUMN rewrite_time;
            ALTER TABLE events DROP COLUMN edge_time;
            ALTER TABLE events DROP COLUMN hold_time;
            ALTER TABLE events DROP COLUMN tunnel_time;
            PRAGMA user_version = 3
            """
        );

        var store = new SqliteHistoryStore(HistoryDatabase.Create(_path));

        var found = await store.FindAsync(old.Id, TestContext.Current.CancellationToken);
        Assert.Equal(new EventTiming(8000, 100, 6000, 7000), found?.Event.TimingUs);
        var entry = Entries.New(Entries.Call);
        await store.WriteAsync(new HistoryBatch { Entries = [entry] }, TestContext.Current.CancellationToken);
        Assert.Equal(entry.Event, (await store.FindAsync(entry.Id, TestContext.Current.CancellationToken))?.Event);
    }

    [Fact]
    public void FileOfANewerVersion_IsLeftAlone()
    {
        Execute("PRAGMA user_version = 99");

        var refused = Assert.Throws<HistoryUnavailableException>(() => HistoryDatabase.Create(_path));

        Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_IsWrittenOnTheThreadOfTheCaller()
    {
        var batch = new HistoryBatch { Entries = [Entries.New(Entries.Call)] };

        var writing = Store.WriteAsync(batch, TestContext.Current.CancellationToken);

        Assert.True(writing.IsCompleted, "another thread writes");
        Assert.Equal(1, await writing);
    }

    private void Execute(string sql)
    {
        SqliteConnection.ClearAllPools();
        using var connection = new SqliteConnection($"Data Source={_path}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
