using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.History.Sqlite;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.History.Queries;

public sealed class HistoryReportsTests : IDisposable
{
    private static readonly HistoryFilter s_range = Entries.Range(TimeSpan.FromMinutes(30));

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task Clients_AreTheBusiest_AsManyAsWereAskedFor()
    {
        var quiet = Entries.New(Entries.Call with { Client = "Cursor" });
        var reports = await ReportsOfAsync(quiet, Entries.New(Entries.Call), Entries.New(Entries.Call));

        var all = await reports.ClientsAsync(s_range, limit: 10, Cancellation);
        var one = await reports.ClientsAsync(s_range, limit: 1, Cancellation);

        Assert.Equal(["ChatGPT", "Cursor"], all.Select(client => client.Client!), StringComparer.Ordinal);
        Assert.Equal(("ChatGPT", 2 / 3.0), (Assert.Single(one).Client, one[0].Share));
    }

    [Fact]
    public async Task SlowCalls_AreThoseFarOverWhatIsUsualForTheirTool()
    {
        var usual = Enumerable.Range(0, 9).Select(_ => Entries.CallAt(TimeSpan.Zero));
        var reports = await ReportsOfAsync([.. usual, Entries.CallAt(TimeSpan.Zero, 500), Entries.CallAt(TimeSpan.Zero, 90, "other")]);

        var slow = Assert.Single(await reports.SlowAsync(s_range, 10, byDuration: false, Cancellation));

        Assert.Equal(("search", TimeSpan.FromMilliseconds(500)), (slow.Call.Event.Tool, slow.Call.Latency));
    }

    private async Task<HistoryReports> ReportsOfAsync(params HistoryEntry[] entries)
    {
        var store = new SqliteHistoryStore(HistoryDatabase.Create(_folder.PathOf("history.db")));
        await store.WriteAsync(new HistoryBatch { Entries = entries }, Cancellation);
        return new HistoryReports(store);
    }
}
