using System.Text.Json.Serialization;

namespace Tunnel.Relay.Team.Alerts;

/// <summary>A rule and how it stands, as the API and <c>mcpr-relay alerts list --json</c> tell it.</summary>
internal sealed record AlertRow
{
    public required string Id { get; init; }

    public required string? Server { get; init; }

    public required string? Tool { get; init; }

    public required string Metric { get; init; }

    public required double Over { get; init; }

    public required double WindowS { get; init; }

    public required int MinCalls { get; init; }

    /// <summary>Only the origin: the rest may be a secret.</summary>
    public required string Webhook { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>unseen</c>, <c>ok</c> or <c>firing</c>.</summary>
    public required string State { get; init; }

    public required DateTimeOffset? Since { get; init; }

    public required DateTimeOffset? SeenAt { get; init; }

    public required long Calls { get; init; }

    public required double? Value { get; init; }

    public static AlertRow Of(AlertRule rule, AlertState state) =>
        new()
        {
            Id = rule.Id,
            Server = rule.Server,
            Tool = rule.Tool,
            Metric = AlertMetricNames.NameOf(rule.Metric),
            Over = rule.Over,
            WindowS = rule.Window.TotalSeconds,
            MinCalls = rule.MinCalls,
            Webhook = rule.Webhook.Origin,
            CreatedAt = rule.CreatedAt,
            State = state.Name,
            Since = state.Since,
            SeenAt = state.SeenAt,
            Calls = state.Seen.Calls,
            Value = state.Seen.Value,
        };
}

internal sealed record AlertsAnswer(IReadOnlyList<AlertRow> Alerts);

/// <param name="Alert">The rule.</param>
/// <param name="Secret">With which the receiver can tell that messages are ours. It is shown this once.</param>
internal sealed record AlertAddedAnswer(AlertRow Alert, string Secret);

/// <param name="IsDelivered">Whether the receiver took it.</param>
/// <param name="Told">What came back, or why nothing did.</param>
internal sealed record AlertTestAnswer(bool IsDelivered, string Told);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AlertDraft))]
[JsonSerializable(typeof(AlertsAnswer))]
[JsonSerializable(typeof(AlertAddedAnswer))]
[JsonSerializable(typeof(AlertTestAnswer))]
internal sealed partial class AlertJson : JsonSerializerContext;
