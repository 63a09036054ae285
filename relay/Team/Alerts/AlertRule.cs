using System.Security.Cryptography;
using Tunnel.Relay.Team.Alerts.Webhooks;

namespace Tunnel.Relay.Team.Alerts;

/// <summary>When to tell whom about the calls of a project. It never changes: another rule is a new one.</summary>
internal sealed record AlertRule
{
    private const int IdBytes = 6;

    private static readonly TimeSpan s_soonestLook = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_latestLook = TimeSpan.FromMinutes(5);

    /// <summary>Twelve characters of hex.</summary>
    public required string Id { get; init; }

    /// <summary>Only calls of this server, as events call it; null for all.</summary>
    public string? Server { get; init; }

    /// <summary>Only calls of this tool; null for all together.</summary>
    public string? Tool { get; init; }

    public required AlertMetric Metric { get; init; }

    /// <summary>What is over this is bad: a part of 0 to 1, or milliseconds.</summary>
    public required double Over { get; init; }

    /// <summary>The calls of how long count.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>Fewer calls in the window than this say nothing.</summary>
    public required int MinCalls { get; init; }

    public required WebhookTarget Webhook { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How often it is looked at: sixty times in its window, from every 15 s to every 5 min.</summary>
    public TimeSpan LookEvery => TimeSpan.FromTicks(Math.Clamp(Window.Ticks / 60, s_soonestLook.Ticks, s_latestLook.Ticks));

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
}
