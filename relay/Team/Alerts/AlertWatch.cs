using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.History;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Team.Alerts;

/// <summary>Looks at every rule in turn, and writes down how it stands and what is to be told. Relays that share a store share the work.</summary>
internal sealed partial class AlertWatch(
    IAlertStore store,
    IProjectHistories histories,
    RelayOptions options,
    AlertMetrics metrics,
    TimeProvider time,
    ILogger<AlertWatch> logger
) : BackgroundService
{
    /// <summary>How soon a rule that is due is found.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private const int BatchSize = 50;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.RepeatAsync(LookAsync, s_pause, Tell, time, stoppingToken);

    /// <summary>Looks at all that is due.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        while (await store.TakeDueAsync(BatchSize, cancellationToken) is { Count: > 0 } due)
        {
            foreach (var alert in due)
            {
                await LookAsync(alert, cancellationToken);
            }
        }
    }

    private async Task LookAsync(Alert alert, CancellationToken cancellationToken)
    {
        var (rule, now) = (alert.Rule, time.GetUtcNow());
        try
        {
            var history = await histories.OpenAsync(alert.Project, cancellationToken);
            var seen = await AlertGauge.ReadAsync(history, rule, now, cancellationToken);
            var next = AlertJudgement.Next(rule, alert.State, seen, now);
            await KeepAsync(alert, next, cancellationToken);
        }
        catch (HistoryUnavailableException unavailable)
        {
            // The rule stays as it is, and the others are looked at.
            Log.CannotLook(logger, rule.Id, alert.Project.Name, unavailable.Message);
        }
        catch (Exception unforeseen) when (unforeseen is not (OperationCanceledException or TeamStoreUnavailableException))
        {
            // What is in the history of one project must not keep those of others from being looked at.
            Log.Stumbled(logger, unforeseen);
        }
    }

    private async Task KeepAsync(Alert alert, AlertState next, CancellationToken cancellationToken)
    {
        if (next.IsFiring == alert.State.IsFiring)
        {
            await store.RecordAsync(alert, next, message: null, cancellationToken);
            return;
        }

        var now = next.Since!.Value;
        var type = next.IsFiring ? AlertMessageBody.Firing : AlertMessageBody.Resolved;
        var message = new AlertMessage
        {
            Id = AlertMessage.NewId(),
            RuleId = alert.Rule.Id,
            Body = AlertMessageBody.Write(type, alert.Project.Name, alert.Rule, next.Seen, now, options.OriginOf(TeamOptions.Label)),
            CreatedAt = now,
        };
        var recorded = await store.RecordAsync(alert, next, message, cancellationToken);
        if (recorded == AlertRecorded.Outdated)
        {
            return;
        }

        metrics.Changed(next.IsFiring);
        Log.Changed(logger, alert.Rule.Id, alert.Project.Name, next.IsFiring ? "fires" : "is well again");
        if (recorded == AlertRecorded.KeptWithoutMessage)
        {
            metrics.Dropped();
            Log.NoRoom(logger, alert.Rule.Id, alert.Project.Name);
        }
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
        [LoggerMessage(1550, LogLevel.Information, "alert {Rule} of {Project} {State}", EventName = "AlertChanged")]
        public static partial void Changed(ILogger logger, string rule, string project, string state);

        [LoggerMessage(1551, LogLevel.Warning, "cannot look at alert {Rule} of {Project}: {Reason}", EventName = "AlertNotLookedAt")]
        public static partial void CannotLook(ILogger logger, string rule, string project, string reason);

        [LoggerMessage(1552, LogLevel.Warning, "store unavailable for alerts: {Reason}", EventName = "AlertStoreUnavailable")]
        public static partial void StoreUnavailable(ILogger logger, string? reason);

        [LoggerMessage(
            1553,
            LogLevel.Warning,
            "too many messages are on their way: nobody is told of alert {Rule} of {Project}",
            EventName = "AlertMessageDropped"
        )]
        public static partial void NoRoom(ILogger logger, string rule, string project);

        [LoggerMessage(1557, LogLevel.Error, "looking at alerts failed", EventName = "AlertWatchFailed")]
        public static partial void Stumbled(ILogger logger, Exception failure);
    }
}
