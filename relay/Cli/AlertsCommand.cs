using System.CommandLine;
using System.Globalization;
using System.Net;
using Tunnel.ProxyCore.Configuration;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Team;
using Tunnel.Relay.Team.Alerts;
using Tunnel.Relay.Team.Alerts.Webhooks;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay alerts list|add|remove|test</c>: works on the store, whether the relay runs or not.</summary>
internal static class AlertsCommand
{
    private static readonly Option<string> s_project = new("--project")
    {
        HelpName = "name",
        Description = "The project",
        Required = true,
    };
    private static readonly Option<string> s_metric = new("--metric")
    {
        HelpName = "error_rate|p95",
        Description = "What is watched",
        Required = true,
    };
    private static readonly Option<string> s_over = new("--over")
    {
        HelpName = "value",
        Description = "What is too much: a part of calls such as 5%, or a time such as 2s",
        Required = true,
    };
    private static readonly Option<string> s_window = new("--window")
    {
        HelpName = "duration",
        Description = "The calls of how long count, 1m to 24h",
        DefaultValueFactory = static _ => "5m",
    };
    private static readonly Option<int> s_minCalls = new("--min-calls")
    {
        HelpName = "number",
        Description = "Fewer calls than that say nothing",
        DefaultValueFactory = static _ => AlertDraft.DefaultMinCalls,
    };
    private static readonly Option<string?> s_tool = new("--tool") { HelpName = "name", Description = "Only this tool [all together]" };
    private static readonly Option<string?> s_server = new("--server") { HelpName = "name", Description = "Only this server [all]" };
    private static readonly Option<string?> s_webhook = new("--webhook")
    {
        HelpName = "url",
        Description = "Who is told. Others on this machine can see it; use --webhook-file where it holds a secret, as those of chats do",
    };
    private static readonly Option<string?> s_webhookFile = new("--webhook-file")
    {
        HelpName = "file",
        Description = "A file with that URL, - for standard input",
    };
    private static readonly Argument<string> s_id = new("id") { Description = "As the list has it" };

    public static Command Create(RelayStores stores)
    {
        var list = new Command("list", "Lists alerts: id, state, since, metric, threshold, window, tool, server, calls, value, webhook")
        {
            s_project,
            JsonOutput.Option,
        };
        list.SetAction(
            (result, cancellationToken) => stores.UseAlertsAsync(result, (alerts, _) => ListAsync(result, alerts, cancellationToken))
        );

        var add = new Command("add", "Adds an alert and prints the secret of its signature, this once")
        {
            s_project,
            s_metric,
            s_over,
            s_window,
            s_minCalls,
            s_tool,
            s_server,
            s_webhook,
            s_webhookFile,
        };
        add.SetAction(
            (result, cancellationToken) =>
                stores.UseAlertsAsync(result, (alerts, options) => AddAsync(result, alerts, options, cancellationToken))
        );

        var remove = new Command("remove", "Removes an alert") { s_project, s_id };
        remove.SetAction(
            (result, cancellationToken) => stores.UseAlertsAsync(result, (alerts, _) => RemoveAsync(result, alerts, cancellationToken))
        );

        var test = new Command("test", "Sends a message for an alert now, and says what came back") { s_project, s_id };
        test.SetAction(
            (result, cancellationToken) =>
                stores.UseAlertsAsync(result, (alerts, options) => TestAsync(result, alerts, options, cancellationToken))
        );
        return new Command("alerts", "Manages who is told when tools of a project fail or are slow") { list, add, remove, test };
    }

    private static async Task<int> ListAsync(ParseResult result, IAlertStore alerts, CancellationToken cancellationToken)
    {
        var rows = (await alerts.ListAsync(result.GetValue(s_project)!, cancellationToken))
            .Select(alert => AlertRow.Of(alert.Rule, alert.State))
            .ToArray();
        if (result.GetValue(JsonOutput.Option))
        {
            return JsonOutput.Write(new AlertsAnswer(rows), AlertJson.Default.AlertsAnswer);
        }

        foreach (var row in rows)
        {
            var (over, value) = (Number(row.Over), row.Value is { } seen ? Number(seen) : "-");
            await Console.Out.WriteLineAsync(
                $"{row.Id}\t{row.State}\t{Say.Time(row.Since)}\t{row.Metric}\t{over}\t{Durations.Format(TimeSpan.FromSeconds(row.WindowS))}\t{row.Tool ?? "-"}\t{row.Server ?? "-"}\t{row.Calls}\t{value}\t{row.Webhook}"
            );
        }

        return ExitCodes.Success;
    }

    private static async Task<int> AddAsync(
        ParseResult result,
        IAlertStore alerts,
        RelayOptions options,
        CancellationToken cancellationToken
    )
    {
        var (url, problem) = await WebhookAsync(result, cancellationToken);
        if (problem is not null)
        {
            return Say.Fail(ExitCodes.Usage, problem, "such as --webhook-file url.txt");
        }

        var metric = result.GetValue(s_metric)!;
        var draft = new AlertDraft
        {
            Tool = result.GetValue(s_tool),
            Server = result.GetValue(s_server),
            Metric = metric,
            Over = OverOf(metric, result.GetValue(s_over)!),
            WindowS = Durations.TryParse(result.GetValue(s_window)!, out var window) ? window.TotalSeconds : null,
            MinCalls = result.GetValue(s_minCalls),
            Webhook = url,
        };
        var problems = draft.Make(TimeProvider.System.GetUtcNow(), options.Team.WebhookPrivate, out var rule);
        if (rule is null)
        {
            var first = problems[0];
            return Say.Fail(ExitCodes.Usage, $"--{first.Field.Replace('_', '-')} {first.Problem}", "see mcpr-relay alerts add --help");
        }

        var project = result.GetValue(s_project)!;
        switch (await alerts.AddAsync(project, rule, cancellationToken))
        {
            case TeamChange.Missing:
                return NoSuchProject(project);
            case TeamChange.Full:
                return Say.Fail(
                    ExitCodes.Failure,
                    $"'{project}' has {IAlertStore.MaxRules} alerts, which is as many as it may have",
                    $"remove one first: mcpr-relay alerts remove --project {project}"
                );
            default:
                await Console.Out.WriteLineAsync(rule.Webhook.Secret.Reveal());
                return Say.Done($"added alert {rule.Id}; the secret with which its messages are signed cannot be shown again");
        }
    }

    private static async Task<int> RemoveAsync(ParseResult result, IAlertStore alerts, CancellationToken cancellationToken)
    {
        var (project, id) = (result.GetValue(s_project)!, result.GetValue(s_id)!);
        return await alerts.RemoveAsync(project, id, cancellationToken) == TeamChange.Done
            ? Say.Done($"removed alert {id}")
            : NoSuchAlert(project, id);
    }

    private static async Task<int> TestAsync(
        ParseResult result,
        IAlertStore alerts,
        RelayOptions options,
        CancellationToken cancellationToken
    )
    {
        var (project, id) = (result.GetValue(s_project)!, result.GetValue(s_id)!);
        if ((await alerts.ListAsync(project, cancellationToken)).FirstOrDefault(one => one.Rule.Id == id) is not { } alert)
        {
            return NoSuchAlert(project, id);
        }

        using var sender = new WebhookSender(
            new GuardedDialer(options.Team.WebhookPrivate, Dns.GetHostAddressesAsync),
            TimeProvider.System
        );
        var outcome = await new AlertTest(sender, options, TimeProvider.System).SendAsync(alert, cancellationToken);
        return outcome.Kind == WebhookOutcomeKind.Delivered
            ? Say.Done($"{alert.Rule.Webhook.Origin} took the message: {outcome.Told}")
            : Say.Fail(ExitCodes.Failure, $"{alert.Rule.Webhook.Origin} did not take the message", outcome.Told);
    }

    private static async Task<(string? Url, string? Problem)> WebhookAsync(ParseResult result, CancellationToken cancellationToken)
    {
        switch (result.GetValue(s_webhook), result.GetValue(s_webhookFile))
        {
            case ({ } url, null):
                return (url, null);
            case (null, "-"):
                return ((await Console.In.ReadLineAsync(cancellationToken))?.Trim(), null);
            case (null, { } file):
                try
                {
                    return ((await File.ReadAllTextAsync(file, cancellationToken)).Trim(), null);
                }
                catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
                {
                    return (null, $"--webhook-file cannot be read: {unreadable.Message}");
                }
            default:
                return (null, "either --webhook or --webhook-file says who is told");
        }
    }

    /// <returns>A part of calls from <c>5%</c> or <c>0.05</c>, or milliseconds from <c>2s</c>; null where it is neither.</returns>
    private static double? OverOf(string metric, string text)
    {
        if (metric == AlertMetricNames.P95)
        {
            return Durations.TryParse(text, out var time) ? time.TotalMilliseconds : null;
        }

        var isPercent = text.EndsWith('%');
        return double.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number / (isPercent ? 100 : 1)
            : null;
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static int NoSuchProject(string project) =>
        Say.Fail(ExitCodes.Failure, $"there is no project '{project}'", "see mcpr-relay projects list");

    private static int NoSuchAlert(string project, string id) =>
        Say.Fail(ExitCodes.Failure, $"'{project}' has no alert {id}", $"see mcpr-relay alerts list --project {project}");
}
