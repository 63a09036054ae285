using System.Globalization;

namespace Tunnel.Relay.Limits;

/// <summary>
/// The system's limit of open files, which every connection is one of. A process that reaches it can neither load code nor ask Redis, and its
/// listeners try to accept in a busy loop, so the relay stops short of it.
/// </summary>
internal static class OpenFiles
{
    /// <summary>For the program's own files, its database, Redis and other relays. A relay without connections has about 250.</summary>
    private const int Reserve = 512;

    private const string LimitsOfThisProcess = "/proc/self/limits";

    /// <summary>How many connections the process may have; a quarter of the files where there are few.</summary>
    public static int RoomForConnections()
    {
        if (!File.Exists(LimitsOfThisProcess))
        {
            // Windows has no such limit, and with other systems the runtime raises it to what the machine has.
            return int.MaxValue;
        }

        return File.ReadLines(LimitsOfThisProcess).Select(TryReadLimit).FirstOrDefault(limit => limit is not null) is { } files
            ? Math.Max(files - Reserve, files / 4)
            : int.MaxValue;
    }

    /// <param name="line"><c>Max open files            1024                 262144               files</c>: the limit, and what it may be raised to.</param>
    internal static int? TryReadLimit(string line)
    {
        const string Name = "Max open files";
        return
            line.StartsWith(Name, StringComparison.Ordinal)
            && int.TryParse(
                line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var limit
            )
            ? limit
            : null;
    }
}
