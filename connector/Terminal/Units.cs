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
        while (value >= 1024 && unit < s_sizes.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.0}{s_sizes[unit]}");
    }

    public static string Duration(TimeSpan time) =>
        time.TotalMilliseconds < 1000 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms")
        : time.TotalSeconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00}s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m {time.Seconds}s");
}
