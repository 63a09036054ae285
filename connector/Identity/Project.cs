namespace Tunnel.Connector.Identity;

/// <summary>What "the same project" means: the folder that holds the project, and the server that is tunnelled from it.</summary>
internal static class Project
{
    private static readonly string[] s_marks = ["mcpr.toml", ".git"];

    /// <summary>One line that is the same on the next run of the same project. It names local paths: only its fingerprint leaves the machine.</summary>
    public static string Describe(string workingFolder, Uri upstream) => $"{Root(workingFolder)}\n{upstream.AbsoluteUri}";

    private static string Root(string workingFolder)
    {
        for (var folder = new DirectoryInfo(workingFolder); folder is not null; folder = folder.Parent)
        {
            if (s_marks.Any(mark => Path.Exists(Path.Combine(folder.FullName, mark))))
            {
                return folder.FullName;
            }
        }

        return workingFolder;
    }
}
