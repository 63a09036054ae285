namespace Tunnel.Bench.Run;

/// <summary>The checkout that this program was built from, and what the same build made of it.</summary>
internal static class Programs
{
    private static readonly DirectoryInfo s_here = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    public static string Bench { get; } = FindBench();

    public static string Results { get; } = Path.Combine(Bench, "results");

    public static string Connector { get; } = Built("Connector", "mcpr");

    public static string Relay { get; } = Built("Relay", "mcpr-relay");

    public static string Yarp { get; } = Built("Bench.Yarp", "bench-yarp");

    public static string Origin { get; } = Built("Bench.Origin", "bench-origin");

    public static string Echo { get; } = Built("Bench.Echo", "bench-echo");

    public static string Load { get; } = Built("Bench.Load", "bench-load");

    public static string Micro { get; } = Built("Bench.Micro", "Bench.Micro");

    public static string IdleTunnels { get; } = Built("Bench.IdleTunnels", "bench-idle-tunnels");

    /// <summary>An executable of the npm packages of <c>bench/package.json</c>.</summary>
    public static string NodePackage(string name) => Path.Combine(Bench, "node_modules", ".bin", name);

    private static string Built(string project, string program) =>
        Path.Combine(s_here.Parent!.Parent!.FullName, project, s_here.Name, program);

    private static string FindBench()
    {
        var folder = s_here;
        while (!File.Exists(Path.Combine(folder.FullName, "Tunnel.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("bench-run runs outside of a checkout");
        }

        return Path.Combine(folder.FullName, "bench");
    }
}
