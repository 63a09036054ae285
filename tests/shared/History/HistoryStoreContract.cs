using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;
using Xunit;
using static Tunnel.Tests.History.Entries;

namespace Tunnel.Tests.History;

/// <summary>What every store of a history does. Each test has a store of its own, which is empty.</summary>
public abstract class HistoryStoreContract
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected abstract IHistoryStore Store { get; }

    [Fact]
    public async Task Event_ComesBackAsItWas()
    {
        var entry = New(Call with { Status = "error", ErrorCode = "-32602", ErrorMessage = "Invalid <text>", Batch = 2, Path = "/a.html" });

        await WriteAsync(entry);

        var page = await Store.EventsAsync(new EventQuery { Filter = Range(s_hour) }, Cancelled);
        var stored = Assert.Single(page.Events);
        Assert.Null(page.Next);
        Assert.Equal(entry.Id, stored.Id);
        Assert.Equal(entry.Event, stored.Event);
        Assert.Equal(stored, await Store.FindAsync(entry.Id, Cancelled));
        Assert.Null(await Store.FindAsync(Guid.NewGuid(), Cancelled));
    }

    [Fact]
    public async Task ViolationAndEndOfSession_ComeBackAsTheyWere()
    {
        var at = McpEvent.Timestamp(Noon);
        var violation = New(
            new McpEvent
            {
                Ts = at,
                Type = EventTypes.CspViolation,
                Widget = "ui://w",
                Directive = "connect-src",
                BlockedUri = "https://a.example",
                Fix = "csp.connect_domains = [\"https://a.example\"]",
            }
        );
        await WriteAsync(New(Call), violation, violation with { Id = Guid.NewGuid() });
        await WriteAsync(
            New(
                new McpEvent
                {
                    Ts = at,
                    Type = EventTypes.SessionEnd,
                    Session = "s1",
                    Reason = "idle",
                }
            )
        );

        var row = Assert.Single(await Store.ViolationsAsync(Range(s_hour), 10, Cancelled));
        var session = Assert.Single(await Store.SessionsAsync(Range(s_hour), 10, Cancelled));
        var events = await Store.EventsAsync(new EventQuery { Filter = Range(s_hour), Types = [EventTypes.SessionEnd] }, Cancelled);

        Assert.Equal(("ui://w", "connect-src", 2), (row.Widget, row.Directive, row.Count));
        Assert.Equal(violation.Event.Fix, row.Fix);
        Assert.Equal(("idle", "localhost:9000"), (session.EndReason, session.Server));
        Assert.Equal("s1", Assert.Single(events.Events).Event.Session);
    }

    [Fact]
    public async Task SameEntries_AgainAndAmongOthers_CountOnce()
    {
        var (first, second) = (New(Call), New(Call with { Status = "tool_error" }));

        var news = await WriteAsync(first, second);
        var again = await WriteAsync(first, second, first);
        var more = await WriteAsync(second, New(Call));

        Assert.Equal((2, 0, 1), (news, again, more));
        Assert.Equal((3, 0, 1), Assert.Single(await RollupsAsync(Range(s_hour), RollupWidths.Minute)));
        var session = Assert.Single(await Store.SessionsAsync(Range(s_hour), 10, Cancelled));
        Assert.Equal((3, 3, 1), (session.Requests, session.Calls, session.Errors));
        Assert.Equal(3, (await Store.StateAsync(Cancelled)).Events);
    }

    [Fact]
    public async Task Pages_GoThroughAllEvents_InBothOrders()
    {
        var entries = Enumerable.Range(0, 25).Select(number => CallAt(TimeSpan.FromSeconds(number / 4))).ToArray();
        await WriteAsync(entries);

        var newestFirst = await AllAsync(new EventQuery { Filter = Range(s_hour), Limit = 10 });
        var oldestFirst = await AllAsync(
            new EventQuery
            {
                Filter = Range(s_hour),
                Limit = 7,
                IsOldestFirst = true,
            }
        );

        Assert.Equal(entries.Select(entry => entry.Id), oldestFirst.Select(one => one.Id));
        Assert.Equal(entries.Reverse().Select(entry => entry.Id), newestFirst.Select(one => one.Id));
    }

    [Fact]
    public async Task Filters_LeaveWhatTheySay()
    {
        await WriteAsync(
            New(Call),
            New(Call with { Tool = "other", Client = "Claude" }),
            New(Call with { Server = "files" }),
            New(Call with { Status = "tool_error" }),
            New(Call with { Type = EventTypes.Request, Method = "resources/read", Tool = null }),
            New(Call with { Session = "s2" }),
            CallAt(TimeSpan.FromMinutes(10), milliseconds: 900)
        );
        var all = new EventQuery { Filter = Range(s_hour) };
        var session = (await Store.SessionsAsync(Range(s_hour), 10, Cancelled)).Single(one => one.Key == "s2");

        Assert.Equal(7, await CountAsync(all));
        Assert.Equal(1, await CountAsync(all with { Filter = all.Filter with { Tools = ["other"] } }));
        Assert.Equal(1, await CountAsync(all with { Filter = all.Filter with { Clients = ["Claude", "nobody"] } }));
        Assert.Equal(1, await CountAsync(all with { Filter = all.Filter with { Servers = ["files"] } }));
        Assert.Equal(1, await CountAsync(all with { Filter = all.Filter with { Statuses = ["error", "tool_error"] } }));
        Assert.Equal(6, await CountAsync(all with { Filter = all.Filter with { Statuses = ["ok"] } }));
        Assert.Equal(1, await CountAsync(all with { Filter = all.Filter with { From = Noon + TimeSpan.FromMinutes(5) } }));
        Assert.Equal(1, await CountAsync(all with { Types = [EventTypes.Request] }));
        Assert.Equal(1, await CountAsync(all with { Methods = ["resources/read"] }));
        Assert.Equal(1, await CountAsync(all with { AtLeast = TimeSpan.FromMilliseconds(500) }));
        Assert.Equal(1, await CountAsync(all with { Session = session.Id }));
        Assert.Equal(1, await CountAsync(all with { SessionKey = "s2" }));
        Assert.Equal(1, await CountAsync(all with { Text = "oth" }));
        Assert.Equal(0, await CountAsync(all with { Text = "%' OR 1=1 --" }));
    }

    [Fact]
    public async Task Sessions_AreCountedByClient_AsEachByItself()
    {
        await WriteAsync(
            New(Call),
            New(Call with { Session = "s2" }),
            New(Call with { Session = "s3", Client = "Claude" }),
            New(Call with { Session = "s4", Client = null }),
            New(Call with { Session = "s5", Client = "Claude", Server = "files" })
        );
        var all = Range(s_hour);

        var counts = await Store.CountSessionsByClientAsync(all, Cancelled);

        Assert.Equal((2, 2, 1), (counts["ChatGPT"], counts["Claude"], counts[""]));
        Assert.Equal(3, counts.Count);
        foreach (var (client, count) in counts)
        {
            Assert.Equal(count, await Store.CountSessionsAsync(all with { Clients = [client] }, Cancelled));
        }

        var some = await Store.CountSessionsByClientAsync(all with { Servers = ["files"], Clients = ["ChatGPT", "Claude"] }, Cancelled);
        Assert.Equal(("Claude", 1), (Assert.Single(some).Key, some["Claude"]));
    }

    [Fact]
    public async Task SessionsOfWhatIsTooMuch_GoWithIt()
    {
        const long MaxBytes = 4 << 20;
        // What is deleted at once: sessions of the last events to go may still be there.
        const int Piece = 5_000;
        for (var batch = 0; batch < 20; batch++)
        {
            var start = batch * 1000;
            await WriteAsync([
                .. Enumerable
                    .Range(start, 1000)
                    .Select(number => CallAt(TimeSpan.FromMilliseconds(number)))
                    .Select(entry => entry with { Event = entry.Event with { Session = entry.Id.ToString() } }),
            ]);
        }

        await Store.PruneAsync(Noon, new HistoryOptions { MaxBytes = MaxBytes }, Cancelled);

        var state = await Store.StateAsync(Cancelled);
        Assert.InRange(state.Bytes, 1, MaxBytes);
        Assert.InRange(state.Events, 1, 14_000);
        Assert.InRange(await Store.CountSessionsAsync(Range(s_hour), Cancelled) - state.Events, 0, Piece);
    }

    [Fact]
    public async Task Followers_GetWhatWasWrittenLater_InThatOrder()
    {
        await WriteAsync(CallAt(TimeSpan.FromMinutes(5)));
        var newest = await Store.NewestAsync(Cancelled);
        var (late, early) = (CallAt(TimeSpan.FromMinutes(4)), CallAt(TimeSpan.FromMinutes(-50)));
        await WriteAsync(late, early);

        var page = await Store.EventsAsync(new EventQuery { Filter = Range(TimeSpan.Zero), After = newest }, Cancelled);

        Assert.Equal([late.Id, early.Id], page.Events.Select(one => one.Id));
    }

    [Fact]
    public async Task Sums_OfAnyWidth_AreThoseOfTheEvents()
    {
        await WriteAsync([.. Enumerable.Range(0, 120).Select(second => CallAt(TimeSpan.FromSeconds(second), milliseconds: second + 1))]);
        await WriteAsync([.. Enumerable.Range(0, 120).Select(second => CallAt(TimeSpan.FromSeconds(second), milliseconds: second + 1))]);

        foreach (var width in RollupWidths.All)
        {
            var sums = new CallSums();
            await Store.ReadRollupsAsync(
                Range(s_hour),
                width,
                (in rollup) =>
                {
                    Assert.Equal(0, rollup.At.ToUnixTimeSeconds() % width);
                    sums.Add(rollup);
                },
                Cancelled
            );
            Assert.Equal((240, 240), (sums.Calls, sums.Requests));
            Assert.Equal(TimeSpan.FromMilliseconds(120), sums.Longest);
            Assert.InRange(sums.P50!.Value.TotalMilliseconds, 60 * 0.95, 60 * 1.05);
            Assert.InRange(sums.P99!.Value.TotalMilliseconds, 119 * 0.95, 119 * 1.05);
        }
    }

    [Fact]
    public async Task Failures_AreOneByToolCodeAndMessage()
    {
        await WriteAsync(
            Failed("-32602", "no <text>"),
            Failed("-32602", "no <text>", "Claude"),
            Failed("-32602", "other"),
            Failed("E4101", null)
        );
        await WriteAsync(New(Call), New(Call with { Status = "tool_error" }));

        var page = await Store.FailuresAsync(Range(s_hour), TimeSpan.FromMinutes(6), 100, Cancelled);

        Assert.Null(page.Limit);
        Assert.Equal([2, 1, 1, 1], page.Groups.Select(group => group.Count));
        var first = page.Groups[0];
        Assert.Equal(("search", "-32602", "no <text>"), (first.Tool, first.Code, first.Message));
        Assert.Equal((1, 1), (first.Clients["ChatGPT"], first.Clients["Claude"]));
        Assert.Equal(2, first.Timeline[10]);
        Assert.Equal(20, first.Timeline.Count);
        Assert.Equal(2, first.Newest.Count);
        Assert.Contains(page.Groups, group => group is { Code: null, Message: null });
        var most = await Store.FailuresAsync(Range(s_hour), TimeSpan.FromMinutes(6), 1, Cancelled);
        Assert.Equal(first.Newest, Assert.Single(most.Groups).Newest);
    }

    [Fact]
    public async Task SlowestCalls_AreThoseOfTheTools_InEitherOrder()
    {
        await WriteAsync(
            CallAt(TimeSpan.Zero, 100),
            CallAt(TimeSpan.Zero, 900),
            CallAt(TimeSpan.Zero, 500),
            CallAt(TimeSpan.Zero, 2000, "other"),
            CallAt(TimeSpan.Zero, 3000, "third"),
            CallAt(TimeSpan.FromHours(3), 5000)
        );
        SlowTool[] tools =
        [
            new SlowTool(new ToolKey("localhost:9000", "search"), TimeSpan.FromMilliseconds(100)),
            new SlowTool(new ToolKey("localhost:9000", "other"), TimeSpan.FromMilliseconds(500)),
        ];

        var byDuration = await Store.SlowestAsync(Range(s_hour), tools, 10, byDuration: true, Cancelled);
        var byFactor = await Store.SlowestAsync(Range(s_hour), tools, 10, byDuration: false, Cancelled);
        var first = await Store.SlowestAsync(Range(s_hour), tools, 1, byDuration: false, Cancelled);

        Assert.Equal([2000, 900, 500], byDuration.Select(one => one.Call.Event.LatencyMs!.Value));
        Assert.Equal([9, 5, 4], byFactor.Select(one => one.Factor));
        Assert.Equal(900, Assert.Single(first).Call.Event.LatencyMs);
        Assert.Empty(await Store.SlowestAsync(Range(s_hour), [], 10, byDuration: true, Cancelled));
    }

    [Fact]
    public async Task ToolsThatChange_HaveVersions_AndThoseMissingInAWholeListAreGone()
    {
        await ListAsync(TimeSpan.Zero, isComplete: true, ("a", "1"), ("b", "1"));
        await ListAsync(TimeSpan.FromMinutes(1), isComplete: true, ("a", "2"), ("b", "1"));
        await ListAsync(TimeSpan.FromMinutes(2), isComplete: true, ("a", "1"));
        await ListAsync(TimeSpan.FromMinutes(3), isComplete: false, ("c", "1"));

        var versions = await Store.ToolVersionsAsync(Range(s_hour), Cancelled);

        Assert.Equal(
            [("a", 2, "2", true), ("a", 1, "1", true), ("b", 1, "1", false), ("c", 1, "1", true)],
            versions.Select(one => (one.Tool.Tool, one.Version, one.Hash, one.IsListed!.Value))
        );
        Assert.Equal(Noon + TimeSpan.FromMinutes(2), versions[1].LastAt);
        Assert.Equal(Noon, versions[1].FirstAt);
    }

    [Fact]
    public async Task WhatIsOld_IsDeletedWithAllThatBelongsToIt()
    {
        await WriteAsync(CallAt(TimeSpan.FromDays(-8), tool: "gone"), New(Call));
        await ListAsync(TimeSpan.FromDays(-8), isComplete: true, ("gone", "1"));
        await Store.WriteAsync(new HistoryBatch { Losses = [new HistoryLoss(Guid.NewGuid(), Noon - TimeSpan.FromDays(8), 3)] }, Cancelled);

        await Store.PruneAsync(Noon, new HistoryOptions(), Cancelled);

        var everything = Range(TimeSpan.FromDays(30));
        Assert.Equal(
            "search",
            Assert.Single((await Store.EventsAsync(new EventQuery { Filter = everything }, Cancelled)).Events).Event.Tool
        );
        Assert.Equal("search", Assert.Single(await Store.SeriesAsync(everything, Cancelled)).Tool);
        foreach (var width in RollupWidths.All)
        {
            Assert.Single(await RollupsAsync(everything, width));
        }

        Assert.Empty(await Store.ToolVersionsAsync(everything, Cancelled));
        Assert.Equal(0, (await Store.StateAsync(Cancelled)).Lost);
        Assert.Equal("max_age", (await Store.GapsAsync(everything, Cancelled)).Reason);
        Assert.Null((await Store.GapsAsync(Range(s_hour), Cancelled)).DeletedBefore);
    }

    [Fact]
    public async Task WhatIsTooMuch_GoesFromTheOldEnd_AndItsSumsStay()
    {
        const long MaxBytes = 2 << 20;
        for (var batch = 0; batch < 20; batch++)
        {
            var start = batch * 1000;
            await WriteAsync([.. Enumerable.Range(start, 1000).Select(number => CallAt(TimeSpan.FromMilliseconds(number)))]);
        }

        await Store.PruneAsync(Noon, new HistoryOptions { MaxBytes = MaxBytes }, Cancelled);

        var state = await Store.StateAsync(Cancelled);
        var newest = await Store.EventsAsync(new EventQuery { Filter = Range(s_hour), Limit = 1 }, Cancelled);
        Assert.InRange(state.Bytes, 1, MaxBytes);
        Assert.Equal(("max_size", state.OldestAt), await GapAsync());
        Assert.InRange(state.Events, 1, 19_000);
        Assert.Equal(Noon + TimeSpan.FromMilliseconds(19_999), Assert.Single(newest.Events).At);
        Assert.Equal(20_000, (await RollupsAsync(Range(s_hour), RollupWidths.Hour)).Sum(rollup => rollup.Count));
    }

    [Fact]
    public async Task LossesThatNoNumberHolds_KeepNobodyFromLooking()
    {
        HistoryLoss[] losses = [new(Guid.NewGuid(), Noon, long.MaxValue), new(Guid.NewGuid(), Noon, long.MaxValue)];

        await Store.WriteAsync(new HistoryBatch { Losses = losses }, Cancelled);

        Assert.Equal(9_000_000_000_000_000_000, (await Store.GapsAsync(Range(s_hour), Cancelled)).Lost);
        Assert.Equal(9_000_000_000_000_000_000, (await Store.StateAsync(Cancelled)).Lost);
    }

    [Fact]
    public async Task EventsThatWereLost_AreTold()
    {
        var batch = new HistoryBatch { Losses = [new HistoryLoss(Guid.NewGuid(), Noon, 2), new HistoryLoss(Guid.NewGuid(), Noon, 1)] };
        await Store.WriteAsync(batch, Cancelled);
        await Store.WriteAsync(batch, Cancelled);

        Assert.Equal(3, (await Store.GapsAsync(Range(s_hour), Cancelled)).Lost);
        Assert.Equal(3, (await Store.StateAsync(Cancelled)).Lost);
    }

    [Fact]
    public async Task Names_BeyondTheBound_CountAsOthers()
    {
        for (var batch = 0; batch < 11; batch++)
        {
            var start = batch * 1000;
            await WriteAsync([
                .. Enumerable.Range(start, 1000).Select(number => New(Call with { Tool = $"tool{number}", Session = null })),
            ]);
        }

        var series = await Store.SeriesAsync(Range(TimeSpan.FromDays(1)), Cancelled);

        Assert.InRange(series.Count, 10_000, 10_001);
        Assert.Equal(1000, await CountAsync(new EventQuery { Filter = Range(s_hour) with { Tools = ["(other)"] }, Limit = 2000 }));
    }

    protected async Task<int> WriteAsync(params HistoryEntry[] entries) =>
        await Store.WriteAsync(new HistoryBatch { Entries = entries }, Cancelled);

    private async Task<IReadOnlyList<(long Count, long Errors, long ToolErrors)>> RollupsAsync(HistoryFilter filter, int width)
    {
        List<(long, long, long)> rollups = [];
        var count = await Store.ReadRollupsAsync(
            filter,
            width,
            (in rollup) => rollups.Add((rollup.Count, rollup.Errors, rollup.ToolErrors)),
            Cancelled
        );
        Assert.Equal(rollups.Count, count);
        return rollups;
    }

    private async Task<(string?, DateTimeOffset?)> GapAsync()
    {
        var gaps = await Store.GapsAsync(Range(s_hour), Cancelled);
        return (gaps.Reason, gaps.DeletedBefore);
    }

    private async Task<int> CountAsync(EventQuery query) => (await Store.EventsAsync(query, Cancelled)).Events.Count;

    private async Task<List<StoredEvent>> AllAsync(EventQuery query)
    {
        List<StoredEvent> all = [];
        EventCursor? next;
        do
        {
            (var events, next) = await Store.EventsAsync(query, Cancelled);
            all.AddRange(events);
            query = query with { Cursor = next };
        } while (next is not null);

        return all;
    }

    private async Task ListAsync(TimeSpan afterNoon, bool isComplete, params (string Name, string Hash)[] tools) =>
        await Store.WriteAsync(
            new HistoryBatch
            {
                Listings =
                [
                    new ToolListing(
                        "localhost:9000",
                        Noon + afterNoon,
                        isComplete,
                        [.. tools.Select(tool => new ToolDefinition(tool.Name, tool.Hash, "{}"))]
                    ),
                ],
            },
            Cancelled
        );
}
