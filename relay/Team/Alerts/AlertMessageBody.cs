using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Relay.Team.Alerts;

/// <summary>The JSON of a message. <c>text</c> is what chats show of it; the rest is for programs.</summary>
internal sealed record AlertMessageBody(string Type, DateTimeOffset Timestamp, string Text, AlertMessageData Data)
{
    public const string Firing = "alert.firing";
    public const string Resolved = "alert.resolved";
    public const string Test = "alert.test";

    /// <param name="type">One of the constants.</param>
    /// <param name="project">The name of the project.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="seen">What was seen.</param>
    /// <param name="now">When.</param>
    /// <param name="dashboard">The origin of the dashboard.</param>
    public static byte[] Write(string type, string project, AlertRule rule, AlertReading seen, DateTimeOffset now, string dashboard)
    {
        var data = new AlertMessageData
        {
            Project = project,
            Rule = rule.Id,
            Server = rule.Server,
            Tool = rule.Tool,
            Metric = AlertMetricNames.NameOf(rule.Metric),
            Value = seen.Value,
            Threshold = rule.Over,
            Calls = seen.Calls,
            WindowS = rule.Window.TotalSeconds,
            Url = UrlOf(rule, now, dashboard),
        };
        return JsonSerializer.SerializeToUtf8Bytes(
            new AlertMessageBody(type, now, $"{TextOf(type, project, rule, seen)} {data.Url}", data),
            AlertMessageJson.Default.AlertMessageBody
        );
    }

    // Slack makes a link of it and keeps the sentence before.
    private static string TextOf(string type, string project, AlertRule rule, AlertReading seen)
    {
        var subject = $"{rule.Tool ?? "all tools"}{(rule.Server is { } server ? $" of {server}" : string.Empty)} in {project}";
        var limit = $"the alert is over {Written(rule.Metric, rule.Over)}";
        var value = seen.Value is { } known
            ? $"{Described(rule.Metric, known)} in the last {Minutes(rule.Window)}, {seen.Calls} calls"
            : $"no calls in the last {Minutes(rule.Window)}";
        return type switch
        {
            Firing => $"✗ {subject}: {value} ({limit})",
            Resolved => $"✓ {subject} is well again: {value} ({limit})",
            _ => $"This is a test. {subject}: {value} ({limit})",
        };
    }

    private static string Described(AlertMetric metric, double value) =>
        metric == AlertMetric.ErrorRate ? $"{Written(metric, value)} failed" : $"p95 {Written(metric, value)}";

    private static string Written(AlertMetric metric, double value) =>
        metric == AlertMetric.ErrorRate ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.##} %")
        : value < 1000 ? string.Create(CultureInfo.InvariantCulture, $"{value:0.#} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{value / 1000:0.##} s");

    private static string Minutes(TimeSpan window) => string.Create(CultureInfo.InvariantCulture, $"{window.TotalMinutes:0.#} min");

    /// <summary>The page where one looks first, with the range and the tool filled in.</summary>
    private static string UrlOf(AlertRule rule, DateTimeOffset now, string dashboard)
    {
        var page = rule.Metric == AlertMetric.ErrorRate ? "errors" : "slow";
        var server = rule.Server is { } named ? $"&server={Uri.EscapeDataString(named)}" : string.Empty;
        var tool = rule.Tool is { } one ? $"&tool={Uri.EscapeDataString(one)}" : string.Empty;
        return $"{dashboard}/{page}?since={Moment(now - rule.Window)}&until={Moment(now)}{server}{tool}";
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

internal sealed record AlertMessageData
{
    public required string Project { get; init; }

    public required string Rule { get; init; }

    public required string? Server { get; init; }

    public required string? Tool { get; init; }

    public required string Metric { get; init; }

    public required double? Value { get; init; }

    public required double Threshold { get; init; }

    public required long Calls { get; init; }

    public required double WindowS { get; init; }

    public required string Url { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AlertMessageBody))]
internal sealed partial class AlertMessageJson : JsonSerializerContext;
