using Tunnel.Bench.Run.Peers;

namespace Tunnel.Bench.Run.Paths;

/// <summary>What a path is built on: where it leads, what it may use, and a folder for its files.</summary>
internal sealed record Bed(int OriginPort, Installed Installed, TemporaryFolder Folder)
{
    public string Origin => $"http://127.0.0.1:{OriginPort}";

    /// <summary>A file that no other path has; <paramref name="name"/> tells people what it is.</summary>
    public string NewFile(string name) => Folder.PathOf($"{Guid.NewGuid():N}-{name}");

    public string NewFolder(string name) => Directory.CreateDirectory(NewFile(name)).FullName;
}
