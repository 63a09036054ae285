using System.Globalization;

namespace Tunnel.Bench.Run.Processes;

/// <summary>What a process and everything below it uses, from <c>/proc</c>. Times are user and system time, with that of children that have ended.</summary>
internal static class ProcessTree
{
    // Linux reports times in hundredths of a second on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    // Positions in /proc/PID/stat behind the ')' that ends the name: "12 (nginx) S 11 …"
    private const int ParentField = 1;
    private const int FirstTimeField = 11;
    private const int TimeFields = 4;

    /// <summary>What each role of the process uses by now: itself with all below it, or the two by themselves.</summary>
    public static IReadOnlyDictionary<string, Use> Of(BenchProcess process)
    {
        var members = Members(process.Id);
        if (process.ChildrenRole is not { } childrenRole)
        {
            return new Dictionary<string, Use>(StringComparer.Ordinal) { [process.Role] = Sum(members) };
        }

        return new Dictionary<string, Use>(StringComparer.Ordinal)
        {
            [process.Role] = Sum(members.Take(1)),
            [childrenRole] = Sum(members.Skip(1)),
        };
    }

    private static Use Sum(IEnumerable<Stat> members)
    {
        var (resident, proportional, ticks) = (0d, 0d, 0L);
        foreach (var member in members)
        {
            ticks += member.Ticks;
            foreach (var line in ReadLines($"/proc/{member.Id}/smaps_rollup"))
            {
                // Rss:               61234 kB
                resident += Kilobytes(line, "Rss:");
                proportional += Kilobytes(line, "Pss:");
            }
        }

        return new Use(ticks / TicksPerSecond, resident, proportional);
    }

    private static double Kilobytes(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal)
            ? double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024
            : 0;

    private static List<Stat> Members(int root)
    {
        var all = Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? ReadStat(id) : null)
            .OfType<Stat>()
            .ToList();
        var children = all.ToLookup(stat => stat.Parent);
        var members = all.Where(stat => stat.Id == root).ToList();
        for (var at = 0; at < members.Count; at++)
        {
            members.AddRange(children[members[at].Id]);
        }

        return members;
    }

    private static Stat? ReadStat(int id)
    {
        var text = string.Concat(ReadLines($"/proc/{id}/stat"));
        if (text.Length == 0)
        {
            return null;
        }

        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = fields.Skip(FirstTimeField).Take(TimeFields).Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        return new Stat(id, int.Parse(fields[ParentField], CultureInfo.InvariantCulture), ticks);
    }

    /// <summary>Nothing for a process that ended meanwhile, or that is somebody else's.</summary>
    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Processor seconds and resident bytes: all of them, and with shared pages divided among those that share them.</summary>
    public sealed record Use(double CpuSeconds, double Resident, double Proportional);

    private sealed record Stat(int Id, int Parent, long Ticks);
}
