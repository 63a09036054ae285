using System.Globalization;
using System.Net;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>
/// A relay on loopback with names below <c>localhost</c>, where nothing else is said. It can be killed and started again on the same port with the
/// same names.
/// </summary>
internal sealed class RelayProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly string[] _extraArguments;
    private readonly string _domain;
    private readonly IPAddress _address;

    private RelayProcess(string[] extraArguments, string domain = "localhost", IPAddress? address = null)
    {
        _extraArguments = extraArguments;
        _domain = domain;
        _address = address ?? IPAddress.Loopback;
    }

    public int Port { get; private set; }

    public Uri Address => new($"http://{_domain}:{Port}");

    public ChildProcess Process { get; private set; } = null!;

    public string DataFolder => _data.Path;

    public static async Task<RelayProcess> StartAsync(CancellationToken cancellationToken, params string[] extraArguments)
    {
        var relay = new RelayProcess(extraArguments);
        await relay.RunAsync(0, cancellationToken);
        return relay;
    }

    /// <summary>A relay with names below another domain.</summary>
    public static async Task<RelayProcess> StartBelowAsync(
        string domain,
        CancellationToken cancellationToken,
        params string[] extraArguments
    )
    {
        var relay = new RelayProcess(extraArguments, domain);
        await relay.RunAsync(0, cancellationToken);
        return relay;
    }

    /// <summary>A relay that other machines can reach, which anybody may use all the same.</summary>
    public static async Task<RelayProcess> StartOnEveryInterfaceAsync(
        string domain,
        CancellationToken cancellationToken,
        params string[] extraArguments
    )
    {
        var relay = new RelayProcess(["--allow-anonymous", "true", .. extraArguments], domain, IPAddress.Any);
        await relay.RunAsync(0, cancellationToken);
        return relay;
    }

    /// <summary>One more relay on the same names and tokens, on a port of its own.</summary>
    public static async Task<RelayProcess> StartSharingAsync(RelayProcess other, CancellationToken cancellationToken)
    {
        var relay = new RelayProcess([.. other._extraArguments, "--data", other.DataFolder]);
        await relay.RunAsync(0, cancellationToken);
        return relay;
    }

    /// <summary>Starts it again where it was; for after a kill or a stop.</summary>
    public Task RestartAsync(CancellationToken cancellationToken) => RunAsync(Port, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _data.Dispose();
    }

    private async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        Process = ChildProcess.Start(
            Programs.Relay,
            [
                "--listen",
                string.Create(CultureInfo.InvariantCulture, $"http://{_address}:{port}"),
                "--domain",
                _domain,
                .. _extraArguments.Contains("--data") ? [] : (string[])["--data", _data.Path],
                .. _extraArguments,
            ]
        );
        // mcpr-relay: listening on http://127.0.0.1:41231, tunnels at …
        var line = await Process.Error.WaitForAsync(line => line.Contains("listening on", StringComparison.Ordinal), cancellationToken);
        Port = new Uri(line.Split("listening on ")[1].Split(',')[0]).Port;
    }
}
