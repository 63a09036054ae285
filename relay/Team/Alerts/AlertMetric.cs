namespace Tunnel.Relay.Team.Alerts;

/// <summary>What of the calls is watched.</summary>
internal enum AlertMetric
{
    /// <summary>The part of calls that failed one way or the other, 0 to 1.</summary>
    ErrorRate,

    /// <summary>What 95 of 100 calls took at most, in milliseconds.</summary>
    P95,
}

/// <summary>How metrics are called in rules, messages and commands.</summary>
internal static class AlertMetricNames
{
    public const string ErrorRate = "error_rate";
    public const string P95 = "p95";

    public static string NameOf(AlertMetric metric) => metric == AlertMetric.ErrorRate ? ErrorRate : P95;

    public static AlertMetric? Find(string? name) =>
        name switch
        {
            ErrorRate => AlertMetric.ErrorRate,
            P95 => AlertMetric.P95,
            _ => null,
        };
}
