using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Tunnels;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Tunnels;

public sealed class RequestHoldTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly RelayOptions _options = new() { MaxHeldPerTunnel = 3, MaxHeld = 4 };
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<RelayMetrics>().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _counted = new(StringComparer.Ordinal);
    private readonly RequestHold _hold;
    private readonly TunnelGroup _group;

    public RequestHoldTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        _listener.Start();
        _hold = new RequestHold(Options.Create(_options), _time, _services.GetRequiredService<RelayMetrics>());
        _group = new TunnelGroup("otter", _time);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RequestThatWaits_GoesOnWhenTheConnectorIsBack()
    {
        var waiting = Wait();
        _time.Advance(_options.Hold - TimeSpan.FromTicks(1));
        var early = waiting.IsCompleted;

        _group.Ready();

        Assert.Equal(HoldOutcome.Released, await waiting);
        Assert.False(early);
        Assert.Equal((1, 0), (Counted("released"), Counted("waiting")));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorThatStaysAway_EndsTheWait()
    {
        var waiting = Wait();

        _time.Advance(_options.Hold);

        Assert.Equal(HoldOutcome.Expired, await waiting);
        Assert.Equal((1, 0), (Counted("expired"), Counted("waiting")));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RequestThatComesLater_WaitsOnlyForTheRest()
    {
        _group.Lost();
        _time.Advance(TimeSpan.FromSeconds(8));
        var waiting = Wait();

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HoldOutcome.Expired, await waiting);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NameThatHasBeenAwayForLong_IsNotWaitedFor()
    {
        _time.Advance(_options.Hold);

        Assert.Equal(HoldOutcome.TooLate, await Wait());
        Assert.Empty(_counted);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NameThatFlaps_DoesNotHoldARequestForLongerThanTheLimit()
    {
        var arrivedAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(9));
        _group.Ready();
        _group.Rent(out var back);
        var waiting = _hold.WaitAsync(_group, back, arrivedAt, new DefaultHttpContext()).AsTask();

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HoldOutcome.Expired, await waiting);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TooManyForOneName_AreRefusedAndACallerThatLeavesFreesItsPlace()
    {
        using var caller = new CancellationTokenSource();
        var leaving = Wait(context => context.RequestAborted = caller.Token);
        Task<HoldOutcome>[] staying = [Wait(), Wait()];
        var refused = await Wait();

        await caller.CancelAsync();
        var left = await leaving;
        var another = Wait();

        Assert.Equal((HoldOutcome.Refused, HoldOutcome.CallerLeft), (refused, left));
        Assert.All([.. staying, another], waiting => Assert.False(waiting.IsCompleted));
        Assert.Equal((1, 1, 3), (Counted("refused"), Counted("caller_left"), Counted("waiting")));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TooManyInAll_AreRefusedWhateverTheName()
    {
        var others = new TunnelGroup("badger", _time);
        Task<HoldOutcome>[] waiting = [Wait(), Wait(), Wait(group: others), Wait(group: others)];

        var refused = await Wait(group: others);
        _group.Ready();
        await Task.WhenAll(waiting[..2]);
        var another = Wait(group: others);

        Assert.Equal(HoldOutcome.Refused, refused);
        Assert.False(another.IsCompleted);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("POST", 1_000_000L, 2)]
    [InlineData("POST", null, 2)]
    [InlineData("POST", 10L, 3)]
    [InlineData("POST", 1_000_000_000L, 2)]
    public async Task Bodies_CountWithWhatTheServerKeepsOfThem(string method, long? length, int fitting)
    {
        _options.MaxHeldBytesPerTunnel = 2_200_000;
        var waiting = Enumerable
            .Range(0, 3)
            .Select(_ =>
                Wait(context =>
                {
                    context.Request.Method = method;
                    context.Request.ContentLength = length;
                })
            )
            .ToArray();

        Assert.Equal(3 - fitting, waiting.Count(each => each.IsCompleted));
        _group.Ready();
        await Task.WhenAll(waiting);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private Task<HoldOutcome> Wait(Action<HttpContext>? arrange = null, TunnelGroup? group = null)
    {
        var context = new DefaultHttpContext();
        arrange?.Invoke(context);
        (group ?? _group).Rent(out var back);
        return _hold.WaitAsync(group ?? _group, back, _time.GetTimestamp(), context).AsTask();
    }

    private long Counted(string name)
    {
        lock (_counted)
        {
            return _counted.GetValueOrDefault(name);
        }
    }

    private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = tags.IsEmpty ? instrument.Name.Split('.')[^1] : (string)tags[0].Value!;
        lock (_counted)
        {
            _counted[name] = _counted.GetValueOrDefault(name) + value;
        }
    }
}
