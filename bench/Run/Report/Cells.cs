using System.Globalization;

namespace Tunnel.Bench.Run.Report;

/// <summary>How numbers are written.</summary>
internal static class Cells
{
    private const double BytesPerKilobyte = 1000;
    private const double BytesPerMegabyte = 1_000_000;

    /// <summary>Per second: 15,240.</summary>
    public static string Rate(double? value) => Format(value, "#,0");

    /// <summary>Milliseconds with three digits that count: 0.21, 1.93, 31.8, 210.</summary>
    public static string Time(double? value) =>
        Format(
            value,
            value < 1 ? "0.000"
                : value < 10 ? "0.00"
                : value < 100 ? "0.0"
                : "0"
        );

    public static string Megabytes(double? bytes) => Format(bytes / BytesPerMegabyte, "0.0");

    public static string Kilobytes(double? bytes) => Format(bytes / BytesPerKilobyte, "#,0.0");

    /// <summary>Processor milliseconds for a request are seconds for 1,000 of them.</summary>
    public static string Processor(double? seconds) => Format(seconds, "0.000");

    /// <summary>0.98 (0.91–1.04)</summary>
    public static string Ratio(Ratio? ratio) =>
        ratio is { } known
            ? $"{Format(known.Median, "0.00")} ({Format(known.Least, "0.00")}–{Format(known.Greatest, "0.00")})"
            : Table.Nothing;

    public static string Format(double? value, string format) =>
        value is { } known ? known.ToString(format, CultureInfo.InvariantCulture) : Table.Nothing;
}
