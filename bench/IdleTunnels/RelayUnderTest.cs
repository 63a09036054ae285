using System.Diagnostics;
using System.Globalization;

namespace Tunnel.Bench.IdleTunnels;

/// <summary>The shipped relay, with settings for as many tunnels as it shall hold, and what it says about itself.</summary>
internal sealed class RelayUnderTest : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly HttpClient _http = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private Uri _admin = null!;

    private RelayUnderTest(Process process)
    {
        _process = process;
    }

    public Uri Address { get; private set; } = null!;

    public static async Task<RelayUnderTest> StartAsync(int tunnels, int dataConnections, CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var start = new ProcessStartInfo(Path.Combine(folder.Parent!.Parent!.FullName, "Relay", folder.Name, "mcpr-relay"))
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var relay = new RelayUnderTest(new Process { StartInfo = start });
        string[] arguments =
        [
            "--listen",
            "http://127.0.0.1:0",
            "--admin",
            "0",
            "--data",
            relay._data.FullName,
            "--max-tunnels",
            tunnels.ToString(CultureInfo.InvariantCulture),
            "--data-connections",
            dataConnections.ToString(CultureInfo.InvariantCulture),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        relay._process.ErrorDataReceived += (_, line) => relay.OnLine(line.Data);
        relay._process.Start();
        relay._process.BeginErrorReadLine();
        try
        {
            await relay._started.Task.WaitAsync(cancellationToken);
            return relay;
        }
        catch
        {
            await relay.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sums of what <c>/metrics</c> has, by name.</summary>
    public async Task<IReadOnlyDictionary<string, double>> MetricsAsync(CancellationToken cancellationToken)
    {
        var text = await _http.GetStringAsync(new Uri(_admin, "/metrics"), cancellationToken);
        return text.Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => (Name: line[..line.IndexOfAny(['{', ' '])], Value: line[(line.LastIndexOf(' ') + 1)..]))
            .GroupBy(line => line.Name, StringComparer.Ordinal)
            .ToDictionary(
                lines => lines.Key,
                lines => lines.Sum(line => double.Parse(line.Value, CultureInfo.InvariantCulture)),
                StringComparer.Ordinal
            );
    }

    /// <summary>Memory of the process by the system's own account, in bytes; <c>Rss:  123 kB</c>.</summary>
    public (long Resident, long Private) Memory()
    {
        var kilobytes = File.ReadLines($"/proc/{_process.Id}/smaps_rollup")
            .Select(line => line.Split(':', StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2 && parts[1].EndsWith(" kB", StringComparison.Ordinal))
            .ToDictionary(parts => parts[0], parts => long.Parse(parts[1][..^3], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return (kilobytes["Rss"] << 10, (kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]) << 10);
    }

    public int OpenFiles() => Directory.GetFiles($"/proc/{_process.Id}/fd").Length;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _http.Dispose();
        _data.Dispose();
    }

    /// <summary>Its log is read to the end, and forgotten: a full pipe would be something to wait for.</summary>
    private void OnLine(string? line)
    {
        const string Admin = "metrics and health on ";
        const string Listening = "listening on ";
        if (line is null)
        {
            _started.TrySetException(new InvalidOperationException("the relay ended"));
        }
        else if (line.Contains(Listening, StringComparison.Ordinal))
        {
            Address = new UriBuilder(line.Split(Listening)[1].Split(',')[0]) { Host = "localhost" }.Uri;
        }
        else if (line.Contains(Admin, StringComparison.Ordinal))
        {
            _admin = new Uri(line.Split(Admin)[1]);
            _started.TrySetResult();
        }
    }
}
