using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Peers;

/// <summary>Gets the programs to measure with and against, where they are missing and there is a way.</summary>
internal static class PeerInstaller
{
    private static readonly TimeSpan s_installLimit = TimeSpan.FromMinutes(5);

    /// <summary>What is there, and nothing installed.</summary>
    public static Installed Find() =>
        new()
        {
            Wrk = Command.Find("wrk"),
            H2Load = Command.Find("h2load"),
            Nginx = Command.Find("nginx"),
            SshDaemon = Command.Find("ssh") is null ? null : Command.Find("sshd"),
        };

    public static async Task<Installed> InstallAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        string[] wanted =
        [
            .. Missing(
                ("wrk", "wrk"),
                ("h2load", "nghttp2-client"),
                ("nginx", "nginx"),
                ("sshd", "openssh-server"),
                ("ssh", "openssh-client")
            ),
        ];
        if (wanted.Length > 0)
        {
            await InstallDebianPackagesAsync(wanted, tell, cancellationToken);
        }

        return Find() with
        {
            NodePackagesLack = await InstallNodePackagesAsync(tell, cancellationToken),
        };
    }

    private static IEnumerable<string> Missing(params (string Program, string Package)[] programs) =>
        programs.Where(program => Command.Find(program.Program) is null).Select(program => program.Package);

    private static async Task InstallDebianPackagesAsync(string[] packages, Action<string> tell, CancellationToken cancellationToken)
    {
        var names = string.Join(' ', packages);
        if (!Environment.IsPrivilegedProcess || Command.Find("apt-get") is null)
        {
            tell($"not installed, and this is no administrator of a Debian: {names}");
            return;
        }

        tell($"installing Debian packages: {names}");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DEBIAN_FRONTEND"] = "noninteractive" };
        try
        {
            await Command.RunAsync("apt-get", ["update", "--quiet"], s_installLimit, cancellationToken, environment);
            string[] install = ["install", "--yes", "--quiet", "--no-install-recommends", .. packages];
            await Command.RunAsync("apt-get", install, s_installLimit, cancellationToken, environment);
        }
        catch (BenchFailedException failure)
        {
            tell(failure.Message);
        }
    }

    /// <returns>Why they cannot be used, or null.</returns>
    private static async Task<string?> InstallNodePackagesAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        if (Command.Find("node") is null || Command.Find("npm") is not { } npm)
        {
            return "node and npm are not installed";
        }

        var done = Path.Combine(Programs.Bench, "node_modules", ".package-lock.json");
        var wanted = Path.Combine(Programs.Bench, "package-lock.json");
        if (File.Exists(done) && File.GetLastWriteTimeUtc(done) >= File.GetLastWriteTimeUtc(wanted))
        {
            return null;
        }

        tell("installing the packages of bench/package-lock.json: npm ci");
        try
        {
            await Command.RunAsync(npm, ["ci", "--prefix", Programs.Bench, "--no-audit", "--no-fund"], s_installLimit, cancellationToken);
            return null;
        }
        catch (BenchFailedException failure)
        {
            return failure.Message;
        }
    }
}
