using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.History.Sqlite;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.History.Queries;

public sealed class MomentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("15m", "2026-01-02T11:45:00Z")]
    [InlineData("7d", "2025-12-26T12:00:00Z")]
    [InlineData("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z", "2500-01-01T00:00:00Z")]
    [InlineData("12", null)]
    [InlineData("yesterday", null)]
    public void Texts_AreTimes(string text, string? time) =>
        Assert.Equal(
            time is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture),
            Moments.Parse(text, Entries.Noon)
        );

    [Fact]
    public async Task LongestRange_HasAReport()
    {
        var store = new SqliteHistoryStore(HistoryDatabase.Create(_folder.PathOf("history.db")));
        var range = new HistoryFilter
        {
            From = Moments.Parse("0001-01-01T00:00:00Z", Entries.Noon)!.Value,
            To = Moments.Parse("9999-12-31T23:59:59Z", Entries.Noon)!.Value,
        };

        var report = await new HistoryReports(store).OverviewAsync(range, TestContext.Current.CancellationToken);

        Assert.Equal(0, report.Now.Requests);
    }
}
