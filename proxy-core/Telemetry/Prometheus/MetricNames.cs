using System.Buffers;

namespace Tunnel.ProxyCore.Telemetry.Prometheus;

/// <summary>
/// How OpenTelemetry's names become Prometheus': <c>mcp.server.operation.duration</c> in <c>s</c> is
/// <c>mcp_server_operation_duration_seconds</c> (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility").
/// </summary>
internal static class MetricNames
{
    private const string CounterSuffix = "_total";

    private static readonly SearchValues<char> s_allowed = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
    );

    /// <summary>The name of a family.</summary>
    public static string Family(string name, string? unit, MetricKind kind)
    {
        var family = Sanitize(kind == MetricKind.Counter && name.EndsWith(CounterSuffix, StringComparison.Ordinal) ? name[..^6] : name);
        if (UnitWord(unit, kind) is { } word && !family.EndsWith($"_{word}", StringComparison.Ordinal))
        {
            family = $"{family}_{word}";
        }

        return kind == MetricKind.Counter ? family + CounterSuffix : family;
    }

    /// <summary>The unit as a word of the name (UCUM, section "units" of the compatibility rules), or null where there is none.</summary>
    public static string? UnitWord(string? unit, MetricKind kind) =>
        unit switch
        {
            null or "" => null,
            "1" => kind == MetricKind.Gauge ? "ratio" : null,
            "s" => "seconds",
            "ms" => "milliseconds",
            "us" => "microseconds",
            "ns" => "nanoseconds",
            "min" => "minutes",
            "h" => "hours",
            "d" => "days",
            "By" => "bytes",
            "KiBy" => "kibibytes",
            "MiBy" => "mebibytes",
            "%" => "percent",
            // {request} only says what is counted.
            ['{', ..] => null,
            _ => Sanitize(unit),
        };

    /// <summary>A label's name; the same for a metric's, since we use no colons.</summary>
    public static string Sanitize(string name)
    {
        if (!name.AsSpan().ContainsAnyExcept(s_allowed) && !char.IsAsciiDigit(name[0]))
        {
            return name;
        }

        var safe = string.Create(
            name.Length,
            name,
            static (target, source) =>
            {
                for (var index = 0; index < source.Length; index++)
                {
                    target[index] = s_allowed.Contains(source[index]) ? source[index] : '_';
                }
            }
        );
        return char.IsAsciiDigit(safe[0]) ? $"_{safe}" : safe;
    }
}
