using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tunnel.Relay.Team.Alerts.Webhooks;

namespace Tunnel.Relay.Team.Alerts;

/// <summary>Brings messages to those who want them: again and again where that fails, for an hour at most.</summary>
internal sealed partial class AlertPost(
    IAlertStore store,
    WebhookSender sender,
    AlertMetrics metrics,
    TimeProvider time,
    ILogger<AlertPost> logger
) : BackgroundService
{
    /// <summary>After that a message is old news.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(1);

    /// <summary>Before the second try; each further wait is <see cref="Growth"/> times as long, up to <see cref="LongestWait"/>.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private const double Growth = 3;

    /// <summary>How soon a message that is due is found.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Longer than a try, so that no other relay begins one meanwhile.</summary>
    private static readonly TimeSpan s_takenFor = 3 * WebhookSender.Timeout;

    /// <summary>Tries at once.</summary>
    private const int BatchSize = 16;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.RepeatAsync(SendDueAsync, s_pause, Tell, time, stoppingToken);

    /// <summary>Tries all that is due, once.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
    {
        while (await store.TakeMessagesAsync(BatchSize, s_takenFor, cancellationToken) is { Count: > 0 } due)
        {
            await Task.WhenAll(due.Select(delivery => SendAsync(delivery, cancellationToken)));
        }
    }

    private async Task SendAsync(AlertDelivery delivery, CancellationToken cancellationToken)
    {
        var message = delivery.Message;
        var outcome = await sender.SendAsync(delivery.Target, message.Id, message.Body, cancellationToken);
        if (outcome.Kind == WebhookOutcomeKind.Delivered)
        {
            metrics.Delivered();
            await store.SettleAsync(message.Id, cancellationToken);
            return;
        }

        var next = time.GetUtcNow() + WaitAfter(message.Tries);
        if (outcome.Kind == WebhookOutcomeKind.Refused || next - message.CreatedAt > GiveUpAfter)
        {
            metrics.GivenUp();
            Log.GivenUp(logger, message.RuleId, delivery.Project, delivery.Target.Origin, outcome.Told);
            await store.SettleAsync(message.Id, cancellationToken);
            return;
        }

        metrics.Failed();
        Log.Failed(logger, message.RuleId, delivery.Project, delivery.Target.Origin, outcome.Told, next - time.GetUtcNow());
        await store.PutOffAsync(message.Id, next, cancellationToken);
    }

    private static TimeSpan WaitAfter(int tries)
    {
        var wait = FirstWait * Math.Pow(Growth, tries);
        return wait < LongestWait ? wait : LongestWait;
    }

    private void Tell(Exception failure)
    {
        if (failure is TeamStoreUnavailableException unavailable)
        {
            Log.StoreUnavailable(logger, unavailable.InnerException?.Message);
        }
        else
        {
            Log.Stumbled(logger, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1554,
            LogLevel.Information,
            "the message about alert {Rule} of {Project} did not get to {Receiver}: {Reason}; again in {Wait}",
            EventName = "AlertMessageFailed"
        )]
        public static partial void Failed(ILogger logger, string rule, string project, string receiver, string reason, TimeSpan wait);

        [LoggerMessage(
            1555,
            LogLevel.Warning,
            "the message about alert {Rule} of {Project} never got to {Receiver}: {Reason}",
            EventName = "AlertMessageGivenUp"
        )]
        public static partial void GivenUp(ILogger logger, string rule, string project, string receiver, string reason);

        [LoggerMessage(
            1556,
            LogLevel.Warning,
            "store unavailable for messages of alerts: {Reason}",
            EventName = "AlertPostStoreUnavailable"
        )]
        public static partial void StoreUnavailable(ILogger logger, string? reason);

        [LoggerMessage(1558, LogLevel.Error, "sending messages of alerts failed", EventName = "AlertPostFailed")]
        public static partial void Stumbled(ILogger logger, Exception failure);
    }
}
