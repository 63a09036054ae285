using System.Globalization;

namespace Tunnel.Connector.Terminal;

/// <summary>Sizes and times as people read them: 147B, 8.0KB, 16ms, 2.14s.</summary>
internal static class Units
{
    private static readonly string[] s_sizes = ["KB", "MB", "GB", "TB"];

    public static string Size(long bytes)
    {
        if (bytes < 1024)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{bytes}B");
        }

        var value = bytes / 1024.0;
        var unit = 0;
        // 1023.95 would be written as 1024.0.
        while (value >= 1023.95 && unit < s_sizes.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.0}{s_sizes[unit]}");
    }

    public static string Duration(TimeSpan time)
    {
        var culture = CultureInfo.InvariantCulture;
        if (time.TotalMilliseconds < 999.5)
        {
            return string.Create(culture, $"{time.TotalMilliseconds:0}ms");
        }

        return time.TotalSeconds < 59.995
            ? string.Create(culture, $"{time.TotalSeconds:0.00}s")
            : string.Create(culture, $"{(int)Math.Round(time.TotalSeconds) / 60}m {(int)Math.Round(time.TotalSeconds) % 60}s");
    }
}
