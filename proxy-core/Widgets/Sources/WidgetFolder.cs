using System.Collections.Immutable;

namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>
/// The files of a folder, and nothing else of the machine: no way up, no hidden names, no listing, and no link that leads outside.
/// ASP.NET Core's PhysicalFileProvider follows links anywhere and hides a file only if its own name, not its folder's, begins with a dot.
/// </summary>
internal sealed class WidgetFolder(string root)
{
    /// <summary>What a folder answers with.</summary>
    private const string IndexName = "index.html";

    /// <summary>A file to serve.</summary>
    /// <param name="Path">Where it is.</param>
    /// <param name="Name">What it is called, with the extension that tells its type.</param>
    internal readonly record struct Entry(string Path, string Name);

    /// <summary>Whether the path is a folder that lacks only the slash behind it.</summary>
    public bool IsFolder(ImmutableArray<string> names) => names[^1].Length > 0 && Find(names) is { } path && Directory.Exists(path);

    /// <param name="names">The names on the way, from <see cref="FolderPath.Parse"/>; an empty one at the end is the folder itself.</param>
    /// <returns>The file, or null where there is none to be served.</returns>
    public Entry? FindFile(ImmutableArray<string> names)
    {
        var name = names[^1].Length > 0 ? names[^1] : IndexName;
        return Find(names.SetItem(names.Length - 1, name)) is { } path && File.Exists(path) ? new Entry(path, name) : null;
    }

    private string? Find(ImmutableArray<string> names)
    {
        var home = RealPath.Of(root);
        if (home is null || RealPath.Of(Path.Combine([home, .. names])) is not { } path)
        {
            return null;
        }

        // Path.GetRelativePath answers with ".." or a rooted path where there is no way down.
        var way = Path.GetRelativePath(home, path).Split(Path.DirectorySeparatorChar);
        return Array.TrueForAll(way, FolderPath.IsName) ? path : null;
    }
}
