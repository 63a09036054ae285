namespace Tunnel.Connector.Identity;

/// <summary>Where this user's files belong (XDG Base Directory on Unix, AppData on Windows).</summary>
internal static class UserFolders
{
    public static string Configuration()
    {
        if (Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
        {
            return Path.Combine(xdg, "mcpr");
        }

        return OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "mcpr")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config", "mcpr");
    }
}
