namespace Tunnel.ProxyCore.History.Json;

/// <summary>Durations as JSON has them: milliseconds with as many decimals as mean something.</summary>
internal static class Milliseconds
{
    public static double? Of(TimeSpan? time) => time is { } known ? Rounded(known.TotalMilliseconds) : null;

    public static double Rounded(double number) => Math.Round(number, 3);
}
