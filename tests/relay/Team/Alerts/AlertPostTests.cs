using Tunnel.Relay.Team.Alerts;
using Tunnel.Relay.Tests.Team.Alerts.Webhooks;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Alerts;

public sealed class AlertPostTests : IAsyncLifetime
{
    private readonly AlertBed _bed = new();
    private WebhookReceiver _receiver = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        await _bed.AddAsync(Rules.New(url: _receiver.Url));
        await _bed.CallAsync(10, "error");
        await _bed.Watch.LookAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _bed.Dispose();
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task FailedTry_IsRepeatedWithTheSameIdUntilItSucceeds()
    {
        _receiver.AnswerWith(500);
        _receiver.AnswerWith(503);

        await SendAsync(after: TimeSpan.Zero);
        await SendAsync(after: AlertPost.FirstWait - TimeSpan.FromMilliseconds(1));
        Assert.Single(_receiver.Messages);
        await SendAsync(after: TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, _receiver.Messages.Count);
        await SendAsync(after: 3 * AlertPost.FirstWait);
        await SendAsync(after: TimeSpan.FromHours(1));

        Assert.Equal(3, _receiver.Messages.Count);
        Assert.Single(_receiver.Messages.Select(message => message.Id).Distinct(StringComparer.Ordinal));
        Assert.Single(_receiver.Messages.Select(message => Convert.ToHexString(message.Body)).Distinct(StringComparer.Ordinal));
        Assert.Equal(3, _receiver.Messages.Select(message => message.Timestamp).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MessageThatNobodyTakes_IsGivenUpAfterAnHour()
    {
        for (var number = 0; number < 100; number++)
        {
            _receiver.AnswerWith(500);
        }

        for (var minute = 0; minute < 60; minute++)
        {
            await SendAsync(after: TimeSpan.FromMinutes(1));
        }

        var tries = _receiver.Messages.Count;
        await SendAsync(after: TimeSpan.FromHours(1));

        Assert.InRange(tries, 7, 12);
        Assert.Equal(tries, _receiver.Messages.Count);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ReceiverThatWantsNoMore_IsLeftAlone()
    {
        _receiver.AnswerWith(410);

        await SendAsync(after: TimeSpan.Zero);
        await SendAsync(after: TimeSpan.FromMinutes(5));

        Assert.Single(_receiver.Messages);
    }

    private Task SendAsync(TimeSpan after)
    {
        _bed.Time.Advance(after);
        return _bed.Post.SendDueAsync(Cancelled);
    }
}
