using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.State;

/// <summary>A real redis-server on a free port of this machine. Every test takes a database of its own.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private const int Databases = 1024;

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private Process _process = null!;
    private ConnectionMultiplexer _administration = null!;
    private int _lastDatabase = -1;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        var options = new ConfigurationOptions { AllowAdmin = true, AbortOnConnectFail = false };
        options.EndPoints.Add(IPAddress.Loopback, _port);
        _administration = await ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>The URL of a database that nobody has used.</summary>
    internal Uri NewDatabase() => UrlOf(Interlocked.Increment(ref _lastDatabase));

    /// <summary>Lets the time pass in which a store that begins gives nothing away.</summary>
    internal async Task SettleAsync(Uri database)
    {
        const string Script = """
            redis.call('SET', 'mcpr:run', string.match(redis.call('INFO', 'server'), 'run_id:(%x+)'))
            redis.call('DEL', 'mcpr:settling')
            """;
        while (true)
        {
            try
            {
                await Database(database).ScriptEvaluateAsync(Script);
                return;
            }
            catch (RedisConnectionException)
            {
                // After a restart this connection comes back by itself, and perhaps later than those of the stores.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Returns when somebody listens to a channel.</summary>
    internal async Task WhenListeningAsync(string channel)
    {
        while ((long)((RedisResult[])(await _administration.GetDatabase().ExecuteAsync("PUBSUB", "NUMSUB", channel))!)[1] == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    internal IDatabase Database(Uri database) =>
        _administration.GetDatabase(int.Parse(database.AbsolutePath.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture));

    /// <summary>Stops it from one moment to the next; what it did not write down is lost.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>How many scripts it has run since it was started.</summary>
    internal async Task<long> CountScriptsAsync()
    {
        // cmdstat_evalsha:calls=51,usec=1530,usec_per_call=30.00,rejected_calls=0,failed_calls=0
        var commands = (string)await _administration.GetDatabase().ExecuteAsync("INFO", "commandstats");
        return commands
            .Split('\n')
            .Where(line => line.StartsWith("cmdstat_eval", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>Lets it answer nothing for a while, with its connections open.</summary>
    internal Task PauseAsync(TimeSpan time) => _administration.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", (long)time.TotalMilliseconds);

    internal async Task StartAsync()
    {
        _process = Process.Start(
            new ProcessStartInfo(
                "redis-server",
                [
                    "--port",
                    _port.ToString(CultureInfo.InvariantCulture),
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    _folder.FullName,
                    "--save",
                    "",
                    "--databases",
                    Databases.ToString(CultureInfo.InvariantCulture),
                ]
            )
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        // 4242:M 02 Jan 2026 03:04:05.678 * Ready to accept connections
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                // A pipe that nobody empties would stop it some day.
                _ = _process.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException("redis-server did not start");
    }

    public async ValueTask DisposeAsync()
    {
        await _administration.CloseAsync();
        _administration.Dispose();
        await KillAsync();
        _folder.Dispose();
    }

    private Uri UrlOf(int database) => new(string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_port}/{database}"));

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
