using System.Globalization;

namespace Tunnel.ProxyCore.Configuration;

/// <summary>A span of time as people write it: <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>12h</c>, <c>90d</c>; a bare number is seconds.</summary>
public static class Durations
{
    // Ten years; nothing here is meant to take longer, and sums of two stay far from overflowing.
    private const double MaxSeconds = 10 * 366 * 86_400d;

    private static readonly (string Unit, double Seconds)[] s_units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];

    /// <summary>In the largest unit that leaves no fraction: <c>36h</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var (unit, seconds) = s_units.Last(known => known.Seconds <= 0.001 || duration.TotalSeconds % known.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds / seconds:0}{unit}");
    }

    public static bool TryParse(string text, out TimeSpan duration)
    {
        var written = text.Trim();
        var (unit, seconds) = s_units.FirstOrDefault(known => written.EndsWith(known.Unit, StringComparison.Ordinal), (string.Empty, 1));
        var isNumber = double.TryParse(
            written.AsSpan(0, written.Length - unit.Length),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        );
        // Infinity is a number with a sign, whatever the style.
        var isSound = isNumber && number >= 0 && number * seconds <= MaxSeconds;
        duration = isSound ? TimeSpan.FromSeconds(number * seconds) : TimeSpan.Zero;
        return isSound;
    }
}
