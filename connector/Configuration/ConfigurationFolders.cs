using Tunnel.Connector.Identity;

namespace Tunnel.Connector.Configuration;

/// <summary>Where configuration files are looked for.</summary>
/// <param name="Working">The folder from which the project's file is looked for, upwards.</param>
/// <param name="Home">The user's home, above which nothing is looked for.</param>
/// <param name="User">The folder of the user's own file.</param>
/// <param name="System">The folder of the file for all users.</param>
internal sealed record ConfigurationFolders(string Working, string Home, string User, string System)
{
    public const string ProjectFileName = "mcpr.toml";
    public const string FileName = "config.toml";

    public static ConfigurationFolders OfThisProcess() =>
        new(
            Environment.CurrentDirectory,
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            UserFolders.Configuration(),
            OperatingSystem.IsWindows()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "mcpr")
                : "/etc/mcpr"
        );

    /// <summary>The files that are there, the weakest first.</summary>
    /// <param name="chosen">A file to read as the project's, whatever it is called.</param>
    public IReadOnlyList<ConfigurationFile> FindFiles(string? chosen)
    {
        var project = chosen is null ? FindProjectFile() : Path.GetFullPath(chosen, Working);
        ConfigurationFile?[] files =
        [
            IfThere(Path.Combine(System, FileName), SettingSource.SystemFile),
            IfThere(Path.Combine(User, FileName), SettingSource.UserFile),
            project is null ? null : new ConfigurationFile(project, SettingSource.ProjectFile),
        ];
        return [.. files.OfType<ConfigurationFile>()];
    }

    private static ConfigurationFile? IfThere(string path, SettingSource source) =>
        File.Exists(path) ? new ConfigurationFile(path, source) : null;

    /// <summary>The nearest one upwards. A file above the checkout or above the home folder is somebody else's.</summary>
    private string? FindProjectFile()
    {
        for (var folder = new DirectoryInfo(Working); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, ProjectFileName);
            if (File.Exists(path))
            {
                return path;
            }

            if (Path.Exists(Path.Combine(folder.FullName, ".git")) || folder.FullName == Path.TrimEndingDirectorySeparator(Home))
            {
                return null;
            }
        }

        return null;
    }
}
