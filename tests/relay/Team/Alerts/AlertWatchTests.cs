using System.Text.Json;
using Tunnel.Relay.Team.Alerts;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Alerts;

public sealed class AlertWatchTests : IDisposable
{
    private readonly AlertBed _bed = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _bed.Dispose();

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task FailingCalls_FireOnce_AndWellAgainIsToldOnce()
    {
        await _bed.AddAsync(Rules.New(over: 0.1, minCalls: 10));
        await _bed.CallAsync(20);
        await _bed.LookForAsync(TimeSpan.FromMinutes(1));
        Assert.False((await _bed.StateAsync()).IsFiring);

        await _bed.CallAsync(5, "error");
        await _bed.CallAsync(5, "tool_error");
        await _bed.LookForAsync(TimeSpan.FromMinutes(2));
        var firing = await _bed.StateAsync();
        for (var minute = 0; minute < 15; minute++)
        {
            await _bed.CallAsync(20);
            await _bed.LookForAsync(TimeSpan.FromMinutes(1));
        }

        Assert.True(firing.IsFiring);
        Assert.Equal((30, 1 / 3d), (firing.Seen.Calls, firing.Seen.Value!.Value));
        Assert.False((await _bed.StateAsync()).IsFiring);
        var messages = await TakeAllAsync();
        Assert.Equal(
            ["alert.firing", "alert.resolved"],
            messages.Select(message => message.GetProperty("type").GetString()),
            StringComparer.Ordinal
        );
        Assert.Equal(1 / 3d, messages[0].GetProperty("data").GetProperty("value").GetDouble(), precision: 6);
        Assert.StartsWith(
            "http://dashboard.example.com:5100/errors?since=",
            messages[0].GetProperty("data").GetProperty("url").GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("search", "shop", true)]
    [InlineData(null, "shop", true)]
    [InlineData("search", null, true)]
    [InlineData("other", null, false)]
    [InlineData("search", "elsewhere", false)]
    public async Task OnlyCallsOfTheRule_Count(string? tool, string? server, bool expected)
    {
        await _bed.AddAsync(Rules.New(tool: tool) with { Server = server });
        await _bed.CallAsync(10, "error");

        await _bed.Watch.LookAsync(Cancelled);

        Assert.Equal(expected, (await _bed.StateAsync()).IsFiring);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SlowCalls_Fire()
    {
        await _bed.AddAsync(Rules.New(over: 500, metric: AlertMetric.P95));
        await _bed.CallAsync(90);
        await _bed.LookForAsync(TimeSpan.FromSeconds(15));
        Assert.False((await _bed.StateAsync()).IsFiring);

        await _bed.CallAsync(10, milliseconds: 900);
        await _bed.LookForAsync(TimeSpan.FromSeconds(15));

        var state = await _bed.StateAsync();
        Assert.True(state.IsFiring);
        // Histograms are right to 5 %.
        Assert.InRange(state.Seen.Value!.Value, 855, 945);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task HistoryThatCannotBeSummed_LeavesOtherRulesAlone()
    {
        await _bed.AddAsync(Rules.New(tool: "broken"));
        _bed.Time.Advance(TimeSpan.FromSeconds(1));
        var well = await _bed.AddAsync(Rules.New());
        await _bed.CallAsync(10, "error", milliseconds: long.MaxValue / 1000, tool: "broken");
        await _bed.CallAsync(10, "error");

        await _bed.Watch.LookAsync(Cancelled);

        var firing = Assert.Single(await _bed.Store.ListAsync("acme", Cancelled), alert => alert.State.IsFiring);
        Assert.Equal(well.Id, firing.Rule.Id);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Silence_ChangesNothing()
    {
        await _bed.AddAsync(Rules.New());
        await _bed.CallAsync(10, "error");
        await _bed.LookForAsync(TimeSpan.FromHours(2));

        var state = await _bed.StateAsync();
        Assert.True(state.IsFiring);
        Assert.Equal(new AlertReading(0, null), state.Seen);
        Assert.Single(await TakeAllAsync());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelaysAtOnce_TellOnce()
    {
        for (var number = 0; number < 20; number++)
        {
            await _bed.AddAsync(Rules.New());
        }

        await _bed.CallAsync(10, "error");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _bed.Watch.LookAsync(Cancelled), Cancelled)));

        var messages = await TakeAllAsync();
        Assert.Equal(20, messages.Count);
        Assert.Equal(
            20,
            messages.Select(message => message.GetProperty("data").GetProperty("rule").GetString()).Distinct(StringComparer.Ordinal).Count()
        );
    }

    private async Task<IReadOnlyList<JsonElement>> TakeAllAsync()
    {
        List<JsonElement> messages = [];
        while (await _bed.Store.TakeMessagesAsync(10, TimeSpan.FromSeconds(30), Cancelled) is { Count: > 0 } taken)
        {
            foreach (var delivery in taken)
            {
                messages.Add(JsonDocument.Parse(delivery.Message.Body).RootElement);
                await _bed.Store.SettleAsync(delivery.Message.Id, Cancelled);
            }
        }

        return messages;
    }
}
