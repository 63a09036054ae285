using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.Tests.Postgres;

/// <summary>A real PostgreSQL on a free port of this machine, with data of its own that is gone afterwards unless somebody wants to keep it.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Where Debian has each version.</summary>
    private const string DebianVersions = "/usr/lib/postgresql";

    /// <summary>PostgreSQL does not run as root; everybody may become this one then.</summary>
    private const string OtherUser = "nobody";

    private readonly TemporaryFolder? _own;
    private readonly string _folder;
    private readonly int _port = FreePort();
    private Process? _process;

    private PostgresServer(string? kept)
    {
        _own = kept is null ? new TemporaryFolder() : null;
        _folder = _own?.FullName ?? Directory.CreateDirectory(kept!).FullName;
    }

    /// <param name="cancellationToken">Nobody needs it any more.</param>
    /// <param name="kept">A folder whose cluster is used again, or made there and left; null for a new one.</param>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken, string? kept = null)
    {
        var server = new PostgresServer(kept);
        if (!Directory.Exists(server.Data))
        {
            await server.InitializeAsync(cancellationToken);
        }

        await server.RunAsync(cancellationToken);
        return server;
    }

    /// <summary>How to reach a database of it; "postgres" is there.</summary>
    public string ConnectionStringOf(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=mcpr;Database={database}");

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Starts it again after <see cref="StopAsync"/>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (program, arguments) = AsOtherUser(
            ProgramOf("postgres"),
            [
                "-D",
                Data,
                "-p",
                _port.ToString(CultureInfo.InvariantCulture),
                .. SettingsOf(
                    "listen_addresses=127.0.0.1",
                    "unix_socket_directories=",
                    "fsync=off",
                    "full_page_writes=off",
                    "max_connections=200"
                ),
            ]
        );
        _process = Start(program, arguments);
        while (await _process.StandardError.ReadLineAsync(cancellationToken) is { } line)
        {
            // 2026-01-02 03:04:05.678 UTC [4242] LOG:  database system is ready to accept connections
            if (line.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                // A pipe that nobody empties would stop it some day.
                _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        throw new InvalidOperationException("postgres did not start");
    }

    /// <summary>Stops it as a crash would, without waiting for anybody; but its other processes are gone then, so that it can be started again.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            var (program, arguments) = AsOtherUser(ProgramOf("pg_ctl"), ["stop", "--pgdata", Data, "--mode", "immediate", "--silent"]);
            await RunAsync(program, arguments, CancellationToken.None);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _own?.Dispose();
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", [OtherUser, _folder], cancellationToken);
        }

        var (program, arguments) = AsOtherUser(
            ProgramOf("initdb"),
            ["--pgdata", Data, "--username", "mcpr", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"]
        );
        await RunAsync(program, arguments, cancellationToken);
    }

    private static IEnumerable<string> SettingsOf(params string[] settings) => settings.SelectMany(setting => (string[])["-c", setting]);

    private static string ProgramOf(string name) =>
        Directory.Exists(DebianVersions)
        && Directory.GetDirectories(DebianVersions).Select(version => Path.Combine(version, "bin", name)).LastOrDefault(File.Exists)
            is { } found
            ? found
            : name;

    private static (string Program, string[] Arguments) AsOtherUser(string program, string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? ("setpriv", ["--reuid", OtherUser, "--regid", "nogroup", "--clear-groups", program, .. arguments])
            : (program, arguments);

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        var said = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} has failed: {said}");
        }
    }

    private static Process Start(string program, string[] arguments)
    {
        var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
                // That of root is nothing that others can be in.
                WorkingDirectory = "/",
            }
        )!;
        _ = process.StandardOutput.ReadToEndAsync();
        return process;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
