using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.Relay.Team.Postgres;
using Tunnel.Tests.History;
using Xunit;
using static Tunnel.Tests.History.Entries;

namespace Tunnel.Relay.Tests.Team.Postgres;

[Trait("needs", "postgres")]
public sealed class PostgresHistoryStoreTests(PostgresFixture server) : HistoryStoreContract, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly PostgresSchema s_schema = new("project_1");
    private PostgresDatabase _database = null!;
    private PostgresHistoryStore _store = null!;

    protected override IHistoryStore Store => _store;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.NewDatabaseAsync();
        _store = new PostgresHistoryStore(_database, s_schema);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task SeveralRelays_WriteAndRepeat_NothingIsLostOrDoubled()
    {
        const int Writers = 4;
        const int Batches = 25;
        // Each with a store of its own that has to make the tables first; and each batch is sent by two of them.
        var stores = Enumerable.Range(0, Writers).Select(_ => new PostgresHistoryStore(_database, s_schema)).ToArray();
        var batches = Enumerable
            .Range(0, Batches)
            .Select(batch => new HistoryBatch
            {
                Entries = [.. Enumerable.Range(0, 20).Select(_ => New(Call with { Session = $"s{batch % 3}" }))],
            })
            .ToArray();

        var news = await Task.WhenAll(
            stores.Select(
                async (store, number) =>
                {
                    var isNew = 0;
                    foreach (var batch in number % 2 == 0 ? batches : batches.Reverse())
                    {
                        isNew += await store.WriteAsync(batch, Token);
                    }

                    return isNew;
                }
            )
        );

        Assert.Equal(Batches * 20, news.Sum());
        Assert.Equal(Batches * 20, (await Store.StateAsync(Token)).Events);
        foreach (var width in RollupWidths.All)
        {
            var sums = new CallSums();
            await Store.ReadRollupsAsync(Range(TimeSpan.FromHours(1)), width, (in rollup) => sums.Add(rollup), Token);
            Assert.Equal(Batches * 20, sums.Calls);
            Assert.InRange(sums.P50!.Value.TotalMilliseconds, 7.6, 8.4);
        }

        var sessions = await Store.SessionsAsync(Range(TimeSpan.FromHours(1)), 10, Token);
        Assert.Equal(Batches * 20, sessions.Sum(session => session.Requests));
    }

    [Fact]
    public async Task Projects_HaveNothingToDoWithEachOther()
    {
        var other = new PostgresHistoryStore(_database, new PostgresSchema("project_2"));
        var entry = New(Call);

        await WriteAsync(entry);
        await other.WriteAsync(new HistoryBatch { Entries = [entry, New(Call)] }, Token);

        Assert.Equal(1, (await Store.StateAsync(Token)).Events);
        Assert.Equal(2, (await other.StateAsync(Token)).Events);
    }

    [Fact]
    public async Task TextsThatNoColumnCanHold_AreKeptAsFarAsTheyCan()
    {
        var strange = New(Call with { Tool = "a\0b\ud800", Session = "s\0", RequestId = "\0", Client = new string('x', 100_000) });

        Assert.Equal(1, await WriteAsync(strange));
        Assert.Equal(0, await WriteAsync(strange));

        var stored = await Store.FindAsync(strange.Id, Token);
        Assert.Equal("a\ufffdb\ufffd", stored!.Event.Tool);
        Assert.Single((await Store.EventsAsync(new EventQuery { Filter = Range(TimeSpan.FromHours(1)), Text = "a\0b" }, Token)).Events);
        Assert.Equal("a\ufffdb\ufffd", Assert.Single(await Store.SeriesAsync(Range(TimeSpan.FromHours(1)), Token)).Tool);
    }

    [Fact]
    public async Task SizeThatIsCounted_IsThatOfTheTables()
    {
        for (var batch = 0; batch < 20; batch++)
        {
            var start = batch * 1000;
            await WriteAsync([.. Enumerable.Range(start, 1000).Select(number => CallAt(TimeSpan.FromMilliseconds(number * 50)))]);
        }

        var measured = await _database.InTransactionAsync(
            s_schema,
            async connection =>
                (long)
                    (
                        await connection.ScalarAsync(
                            "SELECT CAST(SUM(pg_total_relation_size(c.oid)) AS BIGINT) FROM pg_class c WHERE relnamespace = 'project_1'::regnamespace AND relkind = 'r'"
                        )
                    )!,
            cause => cause,
            Token
        );

        Assert.InRange((await Store.StateAsync(Token)).Bytes, measured * 0.7, measured * 1.3);
    }

    [Fact]
    public async Task SchemaOfAnOlderVersion_IsBroughtUpToDate_AndKeepsItsSums()
    {
        await WriteAsync(New(Call), New(Call with { Session = "s2" }));
        var size = (await Store.StateAsync(Token)).Bytes;
        await _database.InTransactionAsync(
            s_schema,
            connection =>
                connection.ExecuteAsync(
                    """
                    CREATE TABLE flat AS SELECT * FROM rollups;
                    DROP TABLE rollups;
                    ALTER TABLE flat RENAME TO rollups;
                    ALTER TABLE rollups ADD CONSTRAINT rollups_pkey PRIMARY KEY (width, at, series);
                    UPDATE history SET steps = 1, bytes = 2 * (400 + 4) + (SELECT SUM(200 + octet_length(histogram)) FROM rollups);
                    """
                ),
            cause => cause,
            Token
        );
        var store = new PostgresHistoryStore(_database, s_schema);

        await store.WriteAsync(new HistoryBatch { Entries = [New(Call)] }, Token);

        foreach (var width in RollupWidths.All)
        {
            var sums = new CallSums();
            Assert.Equal(1, await store.ReadRollupsAsync(Range(TimeSpan.FromHours(1)), width, (in rollup) => sums.Add(rollup), Token));
            Assert.Equal(3, sums.Calls);
        }

        Assert.Equal(size + 385 + 4, (await store.StateAsync(Token)).Bytes);
    }

    [Fact]
    public async Task SchemaOfANewerVersion_IsLeftAlone()
    {
        await WriteAsync(New(Call));
        await _database.InTransactionAsync(
            s_schema,
            connection => connection.ExecuteAsync("UPDATE history SET steps = 99"),
            cause => cause,
            Token
        );

        var refused = await Assert.ThrowsAsync<HistoryUnavailableException>(async () =>
            await new PostgresHistoryStore(_database, s_schema).StateAsync(Token)
        );

        Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
    }
}
