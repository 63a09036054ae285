using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Tunnel.Bench.Names;

/// <summary>A redis-server as the deployment files set it up: what it is told is appended to a file, which is forced to disk every second.</summary>
internal sealed class RedisUnderTest : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private readonly Process _process;

    private RedisUnderTest()
    {
        string[] arguments =
        [
            "--port",
            _port.ToString(CultureInfo.InvariantCulture),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "yes",
            "--dir",
            _folder.FullName,
        ];
        _process = Process.Start(
            new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
    }

    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_port}/0"));

    /// <summary>Seconds of processor time that it used until now.</summary>
    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public static async Task<RedisUnderTest> StartAsync(CancellationToken cancellationToken)
    {
        var redis = new RedisUnderTest();
        while (true)
        {
            try
            {
                await redis.UsedMemoryAsync(cancellationToken);
                return redis;
            }
            catch (SocketException) when (!redis._process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <summary>Bytes that its data takes, by its own account.</summary>
    public async Task<long> UsedMemoryAsync(CancellationToken cancellationToken)
    {
        const string Name = "used_memory:";
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync("INFO memory\r\nQUIT\r\n"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var lines = (await reader.ReadToEndAsync(cancellationToken)).Split('\n');
        var line = lines.Single(line => line.StartsWith(Name, StringComparison.Ordinal));
        return long.Parse(line[Name.Length..].Trim(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _folder.Dispose();
    }
}
