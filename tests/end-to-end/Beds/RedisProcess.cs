using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>A redis-server that writes nothing down: after a kill it has forgotten everything.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    /// <summary>What the passing of time does to a store that was started a moment ago.</summary>
    private const string Settle =
        "EVAL \"redis.call('SET', 'mcpr:run', string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')) redis.call('DEL', 'mcpr:settling') return 1\" 0\r\n";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private ChildProcess _process = null!;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_port}/0");

    public static async Task<RedisProcess> StartAsync(CancellationToken cancellationToken)
    {
        var redis = new RedisProcess();
        await redis.RunAsync(cancellationToken);
        return redis;
    }

    public Task KillAsync() => _process.KillAsync();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _process = ChildProcess.Start(
            "redis-server",
            ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--dir", _folder.Path]
        );
        await _process.Output.WaitForAsync(line => line.Contains("Ready to accept", StringComparison.Ordinal), cancellationToken);
    }

    /// <summary>Lets the time pass in which it gives nothing new away.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken) => Assert.Equal(":1", await AskAsync(Settle, cancellationToken));

    /// <summary>Lets it answer nothing for a while, with its connections open.</summary>
    public async Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) =>
        Assert.Equal(
            "+OK",
            await AskAsync(FormattableString.Invariant($"CLIENT PAUSE {(long)time.TotalMilliseconds}\r\n"), cancellationToken)
        );

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<string> AskAsync(string command, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command), cancellationToken);
        var answer = new byte[64];
        var length = await stream.ReadAsync(answer, cancellationToken);
        return Encoding.ASCII.GetString(answer, 0, length).Trim();
    }
}
