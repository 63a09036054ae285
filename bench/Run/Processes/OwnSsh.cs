using Tunnel.Bench.Run.Paths;

namespace Tunnel.Bench.Run.Processes;

/// <summary>An SSH daemon and a client with keys that are made for them and for nothing else.</summary>
internal sealed class OwnSsh
{
    // The daemon's separated part needs this folder where an administrator runs it.
    private const string DaemonScript = """
        if [ "$(id -u)" = 0 ]; then mkdir -p /run/sshd; fi
        ssh-keygen -q -t ed25519 -N '' -f "$1/host"
        ssh-keygen -q -t ed25519 -N '' -f "$1/client"
        cp "$1/client.pub" "$1/authorized"
        exec "$2" -D -e -f "$1/config"
        """;

    private readonly string _folder;
    private readonly Bed _bed;

    public OwnSsh(Bed bed)
    {
        _bed = bed;
        _folder = bed.NewFolder("ssh");
    }

    public IEnumerable<string> DaemonCommand(int port)
    {
        var daemon = _bed.Installed.SshDaemon ?? throw new BenchFailedException("sshd is not there");
        File.WriteAllText(
            Path.Combine(_folder, "config"),
            $"""
            ListenAddress 127.0.0.1:{port}
            HostKey {_folder}/host
            PidFile none
            AuthorizedKeysFile {_folder}/authorized
            StrictModes no
            PermitRootLogin prohibit-password
            UsePAM no

            """
        );
        return ["/bin/sh", "-c", DaemonScript, "sh", _folder, daemon];
    }

    public IEnumerable<string> ClientCommand(int daemonPort, int port, int originPort) =>
        [
            .. Waiting.ForPort(daemonPort),
            "ssh",
            "-N",
            "-F",
            "none",
            "-i",
            $"{_folder}/client",
            "-p",
            $"{daemonPort}",
            .. Option("StrictHostKeyChecking=no"),
            .. Option("UserKnownHostsFile=/dev/null"),
            .. Option("ExitOnForwardFailure=yes"),
            .. Option("BatchMode=yes"),
            "-R",
            $"127.0.0.1:{port}:127.0.0.1:{originPort}",
            $"{Environment.UserName}@127.0.0.1",
        ];

    private static string[] Option(string value) => ["-o", value];
}
