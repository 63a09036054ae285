using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Paths;

/// <summary>Tunnels of others whose programs can be installed.</summary>
internal static class OtherTunnels
{
    public const string PipenetName = "pipenet";
    public const string SshName = "ssh -R";

    /// <summary>Connections of its own that are idle for 30 s time out, and not all of them come back.</summary>
    public static PathDefinition Pipenet(Installed installed) =>
        new(PipenetName, StartPipenet, installed.NodePackagesLack) { IsPeer = true, StartsAnewEachRound = true };

    public static PathDefinition Ssh(Installed installed) => new(SshName, StartSsh, installed.SshLacks) { IsPeer = true };

    private static RunningPath StartPipenet(Bed bed)
    {
        const string domain = "tunnel.test";
        const string name = "benchrun";
        var program = Programs.NodePackage("pipenet");
        var (port, tunnelPort) = (FreePort.Next(), FreePort.Next());
        string[] ports = ["--port", $"{port}", "--tunnel-port", $"{tunnelPort}"];
        string[] target = ["--port", $"{bed.OriginPort}", "--local-host", "127.0.0.1"];
        var server = BenchProcess.Start(
            "server",
            bed.NewFile("pipenet-server.log"),
            [program, "server", .. ports, "--address", "127.0.0.1", "--domain", domain]
        );
        var client = BenchProcess.Start(
            "client",
            bed.NewFile("pipenet-client.log"),
            [.. Waiting.ForPort(port), program, "client", .. target, "--host", $"http://127.0.0.1:{port}", "--subdomain", name]
        );
        return new RunningPath(PipenetName, new Uri($"http://127.0.0.1:{port}/mcp"), $"{name}.{domain}", [server, client]);
    }

    private static RunningPath StartSsh(Bed bed)
    {
        var (daemonPort, port) = (FreePort.Next(), FreePort.Next());
        var ssh = new OwnSsh(bed);
        var daemon = BenchProcess.Start("sshd", bed.NewFile("sshd.log"), ssh.DaemonCommand(daemonPort));
        var client = BenchProcess.Start("ssh", bed.NewFile("ssh.log"), ssh.ClientCommand(daemonPort, port, bed.OriginPort));
        return new RunningPath(SshName, new Uri($"http://127.0.0.1:{port}/mcp"), $"127.0.0.1:{port}", [client, daemon]);
    }
}
