using System.Diagnostics.CodeAnalysis;
using System.Net;
using Tunnel.Relay.Team.Alerts.Webhooks;

namespace Tunnel.Relay.Team.Alerts;

/// <summary>A rule as somebody asks for it: the body of <c>POST /api/v1/alerts</c>, and what the command line is made into.</summary>
internal sealed record AlertDraft
{
    public const int DefaultMinCalls = 10;

    /// <summary>What an alert is about is decided in minutes; sums have no finer steps.</summary>
    private static readonly TimeSpan s_shortestWindow = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_longestWindow = TimeSpan.FromDays(1);

    /// <summary>As long as the names that events may have.</summary>
    private const int MaxNameLength = 256;

    private const int MaxUrlLength = 2048;

    private const int MostCalls = 1_000_000;

    private const double LongestP95Ms = 3_600_000;

    private const string HowToAllow = "; the operator of the relay can allow that: --team-webhook-private";

    public string? Server { get; init; }

    public string? Tool { get; init; }

    public string? Metric { get; init; }

    public double? Over { get; init; }

    public double? WindowS { get; init; }

    public int? MinCalls { get; init; }

    public string? Webhook { get; init; }

    /// <param name="now">When it is made.</param>
    /// <param name="isPrivateAllowed">Whether messages may go to this machine and the networks around it.</param>
    /// <param name="rule">The rule, with a secret of its own.</param>
    /// <returns>All that is wrong, each with the field in front: <c>over: …</c></returns>
    public IReadOnlyList<AlertProblem> Make(DateTimeOffset now, bool isPrivateAllowed, out AlertRule? rule)
    {
        List<AlertProblem> problems = [.. Problems(isPrivateAllowed)];
        rule =
            problems.Count > 0
                ? null
                : new AlertRule
                {
                    Id = AlertRule.NewId(),
                    Server = TextOf(Server),
                    Tool = TextOf(Tool),
                    Metric = AlertMetricNames.Find(Metric)!.Value,
                    Over = Over!.Value,
                    Window = TimeSpan.FromSeconds(WindowS!.Value),
                    MinCalls = MinCalls ?? DefaultMinCalls,
                    Webhook = new WebhookTarget(new Uri(Webhook!), WebhookSecret.New()),
                    CreatedAt = now,
                };
        return problems;
    }

    /// <summary>The URL is a secret where chats put one into it.</summary>
    public override string ToString() => $"{Metric} of {Tool}";

    private IEnumerable<AlertProblem> Problems(bool isPrivateAllowed)
    {
        foreach (var (field, name) in new[] { ("server", Server), ("tool", Tool) })
        {
            if (name is { Length: > MaxNameLength } || name?.Any(char.IsControl) == true)
            {
                yield return new(field, $"is no name of 1 to {MaxNameLength} characters");
            }
        }

        var metric = AlertMetricNames.Find(Metric);
        if (metric is null)
        {
            yield return new("metric", $"is neither {AlertMetricNames.ErrorRate} nor {AlertMetricNames.P95}");
        }
        else if (metric == AlertMetric.ErrorRate && Over is not (>= 0 and < 1))
        {
            yield return new("over", "is no part of calls from 0 to less than 1, such as 0.05");
        }
        else if (metric == AlertMetric.P95 && Over is not (>= 1 and <= LongestP95Ms))
        {
            yield return new("over", "is no time from 1 ms to 1 h");
        }

        if (WindowS is not { } seconds || !(seconds >= s_shortestWindow.TotalSeconds && seconds <= s_longestWindow.TotalSeconds))
        {
            yield return new("window", "is not from 1 minute to 24 hours");
        }

        if (MinCalls is < 1 or > MostCalls)
        {
            yield return new("min_calls", $"is no number from 1 to {MostCalls}");
        }

        if (WebhookProblem(isPrivateAllowed) is { } problem)
        {
            yield return new("webhook", problem);
        }
    }

    private string? WebhookProblem(bool isPrivateAllowed) =>
        !TryParseUrl(Webhook, out var url) ? "is no URL like https://hooks.example.com/…"
        : url.UserInfo.Length > 0 || url.Fragment.Length > 0 ? "has a user or a fragment, which nobody would get"
        : url.Scheme != Uri.UriSchemeHttps && !isPrivateAllowed ? $"is not https{HowToAllow}"
        : !isPrivateAllowed && IPAddress.TryParse(url.DnsSafeHost, out var address) && !PublicAddress.Is(address)
            ? $"is not on the internet{HowToAllow}"
        : null;

    private static bool TryParseUrl(string? text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text?.Length <= MaxUrlLength ? text : null, UriKind.Absolute, out url) && url.Scheme is "http" or "https";

    private static string? TextOf(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>What is wrong with a field.</summary>
/// <param name="Field">As the API calls it.</param>
/// <param name="Problem">The rest of the sentence.</param>
internal readonly record struct AlertProblem(string Field, string Problem);
