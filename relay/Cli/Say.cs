using System.Globalization;

namespace Tunnel.Relay.Cli;

/// <summary>What commands tell people, on stderr.</summary>
internal static class Say
{
    public static void Line(string message) => Console.Error.WriteLine($"mcpr-relay: {message}");

    /// <returns>The exit code.</returns>
    public static int Fail(int exitCode, string message, string hint)
    {
        Line($"error: {message}");
        Line($"hint: {hint}");
        return exitCode;
    }

    /// <returns>The exit code.</returns>
    public static int Done(string message)
    {
        Line(message);
        return ExitCodes.Success;
    }

    /// <summary>A time in a list: <c>2026-01-02 03:04:05Z</c>, or a hyphen.</summary>
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
