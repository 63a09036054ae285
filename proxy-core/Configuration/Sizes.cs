using System.Globalization;

namespace Tunnel.ProxyCore.Configuration;

/// <summary>A number of bytes as people write it: <c>4096</c>, <c>64KiB</c>, <c>16MiB</c>, <c>1GiB</c>.</summary>
public static class Sizes
{
    private static readonly (string Unit, long Bytes)[] s_units = [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30)];

    /// <summary>In the largest unit that leaves no fraction: <c>1536MiB</c>.</summary>
    public static string Format(long bytes)
    {
        var (unit, factor) = s_units.LastOrDefault(known => bytes % known.Bytes == 0, (string.Empty, 1));
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor}{unit}");
    }

    public static bool TryParse(string text, out long bytes)
    {
        var written = text.Trim();
        var (unit, factor) = s_units.FirstOrDefault(known => written.EndsWith(known.Unit, StringComparison.Ordinal), (string.Empty, 1));
        var isNumber = long.TryParse(
            written.AsSpan(0, written.Length - unit.Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        );
        var isSound = isNumber && number <= long.MaxValue / factor;
        bytes = isSound ? number * factor : 0;
        return isSound;
    }
}
