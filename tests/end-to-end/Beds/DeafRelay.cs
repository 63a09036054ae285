using System.Diagnostics;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>A relay whose output nobody reads any more once it listens.</summary>
internal sealed class DeafRelay : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TemporaryFolder _data;

    private DeafRelay(Process process, TemporaryFolder data, int port)
    {
        (_process, _data, Port) = (process, data, port);
    }

    public int Port { get; }

    public static async Task<DeafRelay> StartAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var data = new TemporaryFolder();
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                Programs.Relay,
                ["--listen", "http://127.0.0.1:0", "--domain", "localhost", "--data", data.Path, .. arguments]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        string? line;
        do
        {
            line = await process.StandardError.ReadLineAsync(cancellationToken);
        } while (line?.Contains("listening on", StringComparison.Ordinal) == false);

        return new DeafRelay(process, data, new Uri(line!.Split("listening on ")[1].Split(',')[0]).Port);
    }

    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        ChildProcess.Terminate(_process.Id);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _data.Dispose();
    }
}
