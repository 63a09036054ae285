namespace Tunnel.ProxyCore.Bridge.Processes;

/// <summary>Programs as a shell would find them.</summary>
internal static class ProgramPath
{
    private static readonly char[] s_separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <returns>The file, or null when there is no such program.</returns>
    public static string? Find(string program, string? workingFolder = null)
    {
        if (program.AsSpan().ContainsAny(s_separators))
        {
            var path = Path.GetFullPath(program, Path.GetFullPath(workingFolder ?? "."));
            return IsProgram(path) ? path : null;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        return folders
            .Where(folder => folder.Length > 0)
            .SelectMany(folder => NamesOf(Path.Combine(folder, program)))
            .FirstOrDefault(IsProgram);
    }

    private static IEnumerable<string> NamesOf(string path) =>
        OperatingSystem.IsWindows() ? [path + ".exe", path + ".cmd", path + ".bat", path] : [path];

    private static bool IsProgram(string path) =>
        File.Exists(path)
        && (
            OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute))
                != UnixFileMode.None
        );
}
