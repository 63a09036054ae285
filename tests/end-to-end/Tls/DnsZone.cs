using System.Net;
using System.Text;
using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>A real DNS server, challtestsrv: every name leads to loopback, and TXT records are set and cleared as a test wants it.</summary>
internal sealed class DnsZone : IAsyncDisposable
{
    private readonly int _port = Ports.Free();
    private readonly int _managementPort = Ports.Free();
    private readonly HttpClient _http = new() { Timeout = TestLimits.Default };
    private readonly ChildProcess _server;

    private DnsZone()
    {
        _server = ChildProcess.Start(
            "pebble-challtestsrv",
            [
                .. (string[])["-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""],
                .. (string[])["-dns01", Address, "-management", $"127.0.0.1:{_managementPort}"],
            ]
        );
    }

    /// <summary>Where resolvers ask it, over UDP and TCP.</summary>
    public string Address => $"127.0.0.1:{_port}";

    public static async Task<DnsZone> StartAsync(CancellationToken cancellationToken)
    {
        var zone = new DnsZone();
        await Ports.WaitUntilOpenAsync(zone._managementPort, cancellationToken);
        await Ports.WaitUntilOpenAsync(zone._port, cancellationToken);
        return zone;
    }

    /// <param name="host">The name, with a full stop at the end.</param>
    /// <param name="value">One more value that it has.</param>
    public Task<HttpStatusCode> SetTextAsync(string host, string? value) => ChangeAsync("set-txt", new { host, value });

    /// <summary>Takes all values away.</summary>
    public Task<HttpStatusCode> ClearTextAsync(string host) => ChangeAsync("clear-txt", new { host });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private async Task<HttpStatusCode> ChangeAsync(string operation, object record)
    {
        using var body = new StringContent(JsonSerializer.Serialize(record), Encoding.UTF8, "application/json");
        using var changed = await _http.PostAsync(new Uri($"http://127.0.0.1:{_managementPort}/{operation}"), body);
        return changed.StatusCode;
    }
}
