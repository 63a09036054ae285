namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>Where a path leads when every symbolic link on the way is followed, like realpath(3), which .NET lacks.</summary>
internal static class RealPath
{
    /// <summary>As many as Linux follows (path_resolution(7)); more of them are a loop.</summary>
    private const int MaxLinks = 40;

    /// <param name="path">An absolute path. What does not exist is no link.</param>
    /// <returns>The path without links, or null where they go in circles.</returns>
    public static string? Of(string path)
    {
        var reached = Path.GetPathRoot(path)!;
        var ahead = new Stack<string>();
        Push(ahead, path[reached.Length..]);
        var links = 0;
        while (ahead.TryPop(out var name))
        {
            if (name == "..")
            {
                reached = Path.GetDirectoryName(reached) ?? reached;
                continue;
            }

            var next = Path.Combine(reached, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                reached = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            var root = Path.GetPathRoot(target) ?? string.Empty;
            reached = root.Length > 0 ? root : reached;
            Push(ahead, target[root.Length..]);
        }

        return reached;
    }

    private static void Push(Stack<string> ahead, string path)
    {
        var names = path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names.Where(name => name != ".").Reverse())
        {
            ahead.Push(name);
        }
    }
}
