using System.Diagnostics;

namespace Tunnel.ProxyCore.Bridge.Processes;

/// <summary>
/// How a server is started: in a session of its own where there is <c>setsid</c>, so that it and all it starts can be signalled together, and
/// within limits where there are <c>prlimit</c> and <c>setpriv</c>. Each of these programs becomes the next, so the process id is the server's.
/// <code>
/// setsid prlimit --as=536870912 -- setpriv --no-new-privs -- npx -y @scope/server
/// </code>
/// </summary>
/// <param name="StartInfo">What to start.</param>
/// <param name="HasOwnGroup">Whether the process leads a group of its own.</param>
internal sealed record LaunchPlan(ProcessStartInfo StartInfo, bool HasOwnGroup)
{
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    public static LaunchPlan Of(StdioServerOptions options)
    {
        var program =
            ProgramPath.Find(options.Command[0], options.WorkingFolder)
            ?? throw new FileNotFoundException($"there is no program called {options.Command[0]}");
        List<string> words = [.. Limits(options.Limits), program, .. options.Command.Skip(1)];
        var setsid = OperatingSystem.IsWindows() ? null : ProgramPath.Find("setsid");
        if (setsid is not null)
        {
            words.Insert(0, setsid);
        }

        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.WorkingFolder ?? string.Empty,
        };
        start.Environment.Clear();
        foreach (var (name, value) in ProcessEnvironment.Of(options))
        {
            start.Environment[name] = value;
        }

        return new LaunchPlan(start, setsid is not null);
    }

    private static List<string> Limits(ProcessLimits limits)
    {
        List<string> values = [];
        if (limits.Memory is { } memory)
        {
            values.Add($"--as={memory}");
        }

        if (limits.CpuTime is { } cpuTime)
        {
            values.Add($"--cpu={(long)Math.Ceiling(cpuTime.TotalSeconds)}");
        }

        if (limits.OpenFiles is { } openFiles)
        {
            values.Add($"--nofile={openFiles}");
        }

        if (values.Count > 0)
        {
            values = [Required("prlimit"), .. values, "--"];
        }

        return limits.NoNewPrivileges ? [.. values, Required("setpriv"), "--no-new-privs", "--"] : values;
    }

    // A limit that is asked for and cannot be had must not be left out in silence.
    private static string Required(string program) =>
        ProgramPath.Find(program) ?? throw new FileNotFoundException($"limits need {program} (util-linux), which is not here");
}
