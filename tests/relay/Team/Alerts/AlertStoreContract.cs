using Tunnel.Relay.Team;
using Tunnel.Relay.Team.Alerts;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Alerts;

/// <summary>What every store of alerts does. Each test has a store of its own, with the projects acme and other.</summary>
public abstract class AlertStoreContract
{
    private static readonly TimeSpan s_taken = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract DateTimeOffset Now { get; }

    [Fact]
    public async Task Rule_ComesBackAsItWas()
    {
        var (alerts, rule) = (await OpenAsync(), New() with { Server = "shop/files", MinCalls = 7 });
        var all = New() with { Tool = null, Metric = AlertMetric.P95, Over = 1500 };

        Assert.Equal(TeamChange.Done, await alerts.AddAsync("acme", rule, Token));
        PassTime(TimeSpan.FromSeconds(1));
        Assert.Equal(TeamChange.Done, await alerts.AddAsync("acme", all with { CreatedAt = Now }, Token));
        await alerts.AddAsync("other", New(), Token);

        var listed = await alerts.ListAsync("acme", Token);
        Assert.Equal([rule.Id, all.Id], listed.Select(one => one.Rule.Id), StringComparer.Ordinal);
        var found = listed[0];
        Assert.Equal(("acme", AlertState.Unseen), (found.Project.Name, found.State));
        Assert.Equal(rule with { Webhook = found.Rule.Webhook }, found.Rule);
        Assert.Equal(rule.Webhook.Url, found.Rule.Webhook.Url);
        Assert.Equal(rule.Webhook.Secret.Reveal(), found.Rule.Webhook.Secret.Reveal());
        Assert.Equal((null, AlertMetric.P95, 1500), (listed[1].Rule.Tool, listed[1].Rule.Metric, listed[1].Rule.Over));
    }

    [Fact]
    public async Task Rules_AreBoundedByProject()
    {
        var alerts = await OpenAsync();
        for (var number = 0; number < IAlertStore.MaxRules; number++)
        {
            Assert.Equal(TeamChange.Done, await alerts.AddAsync("acme", New(), Token));
        }

        Assert.Equal(TeamChange.Full, await alerts.AddAsync("acme", New(), Token));
        Assert.Equal(TeamChange.Done, await alerts.AddAsync("other", New(), Token));
        Assert.Equal(TeamChange.Missing, await alerts.AddAsync("nobody", New(), Token));
    }

    [Fact]
    public async Task RemovedRule_IsGoneWithItsMessages_AndOnlyForItsProject()
    {
        var alerts = await OpenAsync();
        var taken = await AddAndTakeAsync(alerts);
        await alerts.RecordAsync(taken, Firing(), Message(taken), Token);

        Assert.Equal(TeamChange.Missing, await alerts.RemoveAsync("other", taken.Rule.Id, Token));
        Assert.Equal(TeamChange.Done, await alerts.RemoveAsync("acme", taken.Rule.Id, Token));
        Assert.Equal(TeamChange.Missing, await alerts.RemoveAsync("acme", taken.Rule.Id, Token));
        Assert.Empty(await alerts.TakeMessagesAsync(10, s_taken, Token));
        Assert.Equal(AlertRecorded.Outdated, await alerts.RecordAsync(taken, Firing(), Message(taken), Token));
    }

    [Fact]
    public async Task DeletedProject_TakesItsAlertsAlong()
    {
        var alerts = await OpenAsync();
        var taken = await AddAndTakeAsync(alerts);
        await alerts.RecordAsync(taken, Firing(), Message(taken), Token);

        await Projects.DeleteProjectAsync("acme", Token);

        PassTime(TimeSpan.FromHours(1));
        Assert.Empty(await alerts.TakeDueAsync(10, Token));
        Assert.Empty(await alerts.TakeMessagesAsync(10, s_taken, Token));
        Assert.Equal(AlertRecorded.Outdated, await alerts.RecordAsync(taken, Firing(), message: null, Token));
    }

    [Fact]
    public async Task DueRule_IsTakenOnce_AndAgainWhenItsTimeHasCome()
    {
        var alerts = await OpenAsync();
        var rule = New();
        await alerts.AddAsync("acme", rule, Token);

        var first = await alerts.TakeDueAsync(10, Token);
        var again = await (await OpenAsync()).TakeDueAsync(10, Token);
        PassTime(rule.LookEvery);
        var later = await alerts.TakeDueAsync(10, Token);

        Assert.Equal((1, 0, 1), (first.Count, again.Count, later.Count));
    }

    [Fact]
    public async Task RelaysAtOnce_TakeEachRuleOnce()
    {
        var alerts = await OpenAsync();
        for (var number = 0; number < 40; number++)
        {
            await alerts.AddAsync("acme", New(), Token);
        }

        var relays = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));
        var taken = await Task.WhenAll(
            relays.Select(relay =>
                Task.Run(
                    async () =>
                    {
                        List<string> mine = [];
                        while (await relay.TakeDueAsync(3, Token) is { Count: > 0 } due)
                        {
                            mine.AddRange(due.Select(one => one.Rule.Id));
                        }

                        return mine;
                    },
                    Token
                )
            )
        );

        var all = taken.SelectMany(mine => mine).ToArray();
        Assert.Equal(40, all.Length);
        Assert.Equal(40, all.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Look_IsKept_AndAnOlderOneChangesNothing()
    {
        var alerts = await OpenAsync();
        var taken = await AddAndTakeAsync(alerts);
        var state = Firing() with { GoodSince = Now.AddSeconds(-5) };

        var kept = await alerts.RecordAsync(taken, state, message: null, Token);
        var outdated = await alerts.RecordAsync(taken, AlertState.Unseen, Message(taken), Token);

        Assert.Equal((AlertRecorded.Kept, AlertRecorded.Outdated), (kept, outdated));
        Assert.Equal(state, Assert.Single(await alerts.ListAsync("acme", Token)).State);
        Assert.Empty(await alerts.TakeMessagesAsync(10, s_taken, Token));
    }

    [Fact]
    public async Task Message_IsTakenOnceAtATime_UntilItIsSettled()
    {
        var alerts = await OpenAsync();
        var taken = await AddAndTakeAsync(alerts);
        var message = Message(taken);
        await alerts.RecordAsync(taken, Firing(), message, Token);

        var first = Assert.Single(await alerts.TakeMessagesAsync(10, s_taken, Token));
        Assert.Empty(await (await OpenAsync()).TakeMessagesAsync(10, s_taken, Token));
        PassTime(s_taken);
        var afterALostRelay = Assert.Single(await alerts.TakeMessagesAsync(10, s_taken, Token));
        await alerts.PutOffAsync(message.Id, Now.AddMinutes(2), Token);
        PassTime(TimeSpan.FromMinutes(2) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await alerts.TakeMessagesAsync(10, s_taken, Token));
        PassTime(TimeSpan.FromMilliseconds(1));
        var tried = Assert.Single(await alerts.TakeMessagesAsync(10, s_taken, Token));
        await alerts.SettleAsync(message.Id, Token);
        PassTime(TimeSpan.FromHours(2));
        Assert.Empty(await alerts.TakeMessagesAsync(10, s_taken, Token));

        Assert.Equal(("acme", message.Id, message.RuleId), (first.Project, first.Message.Id, first.Message.RuleId));
        Assert.Equal(message.Body, first.Message.Body);
        Assert.Equal(message.CreatedAt, first.Message.CreatedAt);
        Assert.Equal(taken.Rule.Webhook.Secret.Reveal(), first.Target.Secret.Reveal());
        Assert.Equal((0, 0, 1), (first.Message.Tries, afterALostRelay.Message.Tries, tried.Message.Tries));
    }

    [Fact]
    public async Task MessagesOfOneRule_ComeInOrder()
    {
        var alerts = await OpenAsync();
        var taken = await AddAndTakeAsync(alerts);
        var first = Message(taken);
        await alerts.RecordAsync(taken, Firing(), first, Token);
        PassTime(TimeSpan.FromSeconds(15));
        var second = Message(taken);
        await alerts.RecordAsync(taken with { Revision = taken.Revision + 1 }, AlertState.Unseen, second, Token);

        var before = await alerts.TakeMessagesAsync(10, s_taken, Token);
        await alerts.PutOffAsync(first.Id, Now.AddMinutes(1), Token);
        var meanwhile = await alerts.TakeMessagesAsync(10, s_taken, Token);
        await alerts.SettleAsync(first.Id, Token);
        var after = await alerts.TakeMessagesAsync(10, s_taken, Token);

        Assert.Equal(first.Id, Assert.Single(before).Message.Id);
        Assert.Empty(meanwhile);
        Assert.Equal(second.Id, Assert.Single(after).Message.Id);
    }

    [Fact]
    public async Task MessagesOnTheirWay_AreBounded()
    {
        var alerts = await OpenAsync();
        var taken = await AddAndTakeAsync(alerts);
        for (var number = 0; number < IAlertStore.MaxMessages; number++)
        {
            Assert.Equal(AlertRecorded.Kept, await alerts.RecordAsync(taken, Firing(), Message(taken), Token));
            taken = taken with { Revision = taken.Revision + 1 };
        }

        Assert.Equal(AlertRecorded.KeptWithoutMessage, await alerts.RecordAsync(taken, AlertState.Unseen, Message(taken), Token));
        Assert.False(Assert.Single(await alerts.ListAsync("acme", Token)).State.IsFiring);
    }

    private protected abstract ITeamStore Projects { get; }

    /// <summary>Another relay with the same store.</summary>
    private protected abstract IAlertStore Open();

    private protected abstract void PassTime(TimeSpan time);

    private async Task<IAlertStore> OpenAsync()
    {
        await Projects.CreateProjectAsync("acme", TeamProject.DefaultKeep, Token);
        await Projects.CreateProjectAsync("other", TeamProject.DefaultKeep, Token);
        return Open();
    }

    private async Task<Alert> AddAndTakeAsync(IAlertStore alerts)
    {
        await alerts.AddAsync("acme", New(), Token);
        return Assert.Single(await alerts.TakeDueAsync(10, Token));
    }

    private AlertRule New() => Rules.New(createdAt: Now);

    private AlertState Firing() =>
        new()
        {
            IsFiring = true,
            Since = Now,
            SeenAt = Now,
            Seen = new AlertReading(20, 0.25),
        };

    private AlertMessage Message(Alert alert) =>
        new()
        {
            Id = AlertMessage.NewId(),
            RuleId = alert.Rule.Id,
            Body = [1, 2, 3],
            CreatedAt = Now,
        };
}
