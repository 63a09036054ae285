namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>Where the build put the programs: beside these tests, in the same kind of build.</summary>
internal static class Programs
{
    public static string Relay { get; } = Find("Relay", "mcpr-relay");

    public static string Connector { get; } = Find("Connector", "mcpr");

    public static string WeatherServer { get; } = Find("WeatherServer", "weather-server");

    public static string EmbeddedProxy { get; } = Find("EmbeddedProxy", "embedded-proxy");

    private static string Find(string project, string program)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var name = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, name);
    }
}
