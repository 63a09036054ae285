using Tunnel.Relay.Team.Alerts.Webhooks;

namespace Tunnel.Relay.Team.Alerts;

/// <summary>
/// Rules, how they stand, and messages on their way, shared by all relays that use the store. Every operation is atomic, and throws
/// <see cref="TeamStoreUnavailableException"/> when the store cannot be reached. What is taken is taken by one relay.
/// </summary>
internal interface IAlertStore
{
    /// <summary>Rules that a project may have. Each is a look at its history every <see cref="AlertRule.LookEvery"/>.</summary>
    const int MaxRules = 50;

    /// <summary>Messages on their way, of all projects. More are dropped and counted.</summary>
    const int MaxMessages = 1000;

    /// <returns>Done, Missing (the project) or Full.</returns>
    ValueTask<TeamChange> AddAsync(string project, AlertRule rule, CancellationToken cancellationToken);

    /// <summary>Removes a rule with its messages.</summary>
    /// <returns>Done or Missing.</returns>
    ValueTask<TeamChange> RemoveAsync(string project, string id, CancellationToken cancellationToken);

    /// <summary>The rules of a project, the oldest first.</summary>
    ValueTask<IReadOnlyList<Alert>> ListAsync(string project, CancellationToken cancellationToken);

    /// <summary>Takes rules that are to be looked at. Each is due again after its <see cref="AlertRule.LookEvery"/>.</summary>
    ValueTask<IReadOnlyList<Alert>> TakeDueAsync(int count, CancellationToken cancellationToken);

    /// <summary>Keeps what a look has shown, unless another relay did so since the rule was taken.</summary>
    /// <param name="alert">The rule as it was taken.</param>
    /// <param name="state">How it stands now.</param>
    /// <param name="message">What is to be told of it, if anything.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    ValueTask<AlertRecorded> RecordAsync(Alert alert, AlertState state, AlertMessage? message, CancellationToken cancellationToken);

    /// <summary>Takes messages whose time has come, so that nobody else does for a while. Those of one rule come one after the other.</summary>
    ValueTask<IReadOnlyList<AlertDelivery>> TakeMessagesAsync(int count, TimeSpan takenFor, CancellationToken cancellationToken);

    /// <summary>A try has failed; the next one is not before then.</summary>
    ValueTask PutOffAsync(string messageId, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>A message is delivered or given up.</summary>
    ValueTask SettleAsync(string messageId, CancellationToken cancellationToken);
}

/// <summary>A rule and how it stands.</summary>
/// <param name="Project">Whose it is.</param>
/// <param name="Rule">The rule.</param>
/// <param name="State">How it stands.</param>
/// <param name="Revision">Goes up with every look that is kept.</param>
internal sealed record Alert(TeamProject Project, AlertRule Rule, AlertState State, long Revision);

/// <summary>A message and who gets it.</summary>
internal sealed record AlertDelivery(AlertMessage Message, string Project, WebhookTarget Target);

/// <summary>What became of a look.</summary>
internal enum AlertRecorded
{
    Kept,

    /// <summary>Kept, but there was no room for the message.</summary>
    KeptWithoutMessage,

    /// <summary>The rule is gone, or another relay was faster.</summary>
    Outdated,
}
