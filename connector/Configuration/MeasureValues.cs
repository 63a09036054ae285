using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.Connector.Configuration;

/// <summary>How times, sizes and numbers are written. <see cref="ValueKinds"/> names the kinds.</summary>
internal static class MeasureValues
{
    /// <summary>What waits longer than this is given up by the relay anyway.</summary>
    private static readonly double s_maxSeconds = McpProxyOptions.MaxUpstreamTimeout.TotalSeconds;

    private static readonly TimeSpan s_leastAge = TimeSpan.FromMinutes(1);

    /// <summary>An empty history takes a part of this.</summary>
    private const long LeastSize = 1 << 20;

    /// <summary><c>300</c>, <c>1.5</c>, <c>300s</c>, <c>500ms</c>, <c>5m</c> or <c>1h</c>.</summary>
    public static bool ParseDuration(string text, out TimeSpan value, [NotNullWhen(false)] out string? problem)
    {
        var (number, unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            [.., 's'] => (text[..^1], 1),
            [.., 'm'] => (text[..^1], 60),
            [.., 'h'] => (text[..^1], 3600),
            _ => (text, 1.0),
        };
        var isNumber = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount);
        var seconds = amount * unit;
        var isDuration = isNumber && seconds >= 0.001 && seconds <= s_maxSeconds;
        value = isDuration ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        problem = isDuration ? null : $"'{text}' is no positive number of seconds up to {s_maxSeconds}; 300, 300s and 5m are the same";
        return isDuration;
    }

    /// <summary>As <see cref="ParseDuration"/>; <c>off</c> and <c>0</c> are zero.</summary>
    public static bool ParseDurationOrOff(string text, out TimeSpan value, [NotNullWhen(false)] out string? problem)
    {
        if (text is "off" or "0")
        {
            value = TimeSpan.Zero;
            problem = null;
            return true;
        }

        return ParseDuration(text, out value, out problem);
    }

    public static bool ParseAge(string text, out TimeSpan value, [NotNullWhen(false)] out string? problem)
    {
        var isAge = Durations.TryParse(text, out value) && value >= s_leastAge;
        problem = isAge ? null : $"'{text}' is no time of a minute or more; it looks like 7d, 12h or 90m";
        return isAge;
    }

    public static bool ParseSize(string text, out long value, [NotNullWhen(false)] out string? problem)
    {
        var isSize = Sizes.TryParse(text, out value) && value >= LeastSize;
        problem = isSize ? null : $"'{text}' is no size of 1 MiB or more; it looks like 256MiB or 1GiB";
        return isSize;
    }

    public static bool ParseBytes(string text, out int value, [NotNullWhen(false)] out string? problem)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        problem = isNumber ? null : $"'{text}' is no number of bytes from 0 to {int.MaxValue}";
        return isNumber;
    }

    public static bool ParseCount(string text, out int value, [NotNullWhen(false)] out string? problem)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0;
        problem = isNumber ? null : $"'{text}' is no number from 1 to {int.MaxValue}";
        return isNumber;
    }
}
