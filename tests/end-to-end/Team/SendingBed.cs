using System.Buffers.Binary;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Team;

/// <summary>A relay with a project, and connectors that send their events there and keep what waits in the same folder.</summary>
internal sealed class SendingBed : IAsyncDisposable
{
    private const string Project = "acme";

    /// <summary>What calls are about, and nobody else needs to know.</summary>
    private const string Parameter = "gooseberry-jam-and-41-spoons";

    /// <summary>Of a batch in a file: its length, and behind it its figures. The third of them is the number of events.</summary>
    private const int HeaderLength = 28;
    private const int EventsOffset = 12;

    private readonly TemporaryFolder _folder = new();
    private readonly JsonRpcOrigin _origin;
    private readonly string _senderToken;
    private readonly HttpClient _dashboard;

    private SendingBed(JsonRpcOrigin origin, RelayProcess relay, string senderToken, string viewerToken)
    {
        (_origin, Relay, _senderToken) = (origin, relay, senderToken);
        _dashboard = TunnelBed.NewClient(relay.Port);
        _dashboard.BaseAddress = new Uri($"http://dashboard.localhost:{relay.Port}");
        _dashboard.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", viewerToken);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public RelayProcess Relay { get; }

    public static async Task<SendingBed> StartAsync()
    {
        var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        var relay = await RelayProcess.StartAsync(Cancellation, "--team", "true");
        await RunAsync(relay, "projects", "create", Project);
        var tokens = new List<string>();
        foreach (var role in new[] { "sender", "viewer" })
        {
            tokens.Add(await RunAsync(relay, "members", "add", "--project", Project, "--name", role, "--role", role));
        }

        return new SendingBed(origin, relay, tokens[0], tokens[1]);
    }

    public ChildProcess StartConnector() =>
        LocalProxy.Launch(
            [
                "proxy",
                "--mcp",
                _origin.Port.ToString(CultureInfo.InvariantCulture),
                "--port",
                "0",
                "--cloud-server",
                "my-proxy",
                "--cloud-url",
                _dashboard.BaseAddress!.OriginalString,
            ],
            _folder.Path,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_CLOUD_TOKEN"] = _senderToken }
        );

    /// <summary>Calls of the tool echo, one after the other.</summary>
    public static async Task CallAsync(ChildProcess connector, int count)
    {
        using var http = new HttpClient();
        var url = await connector.Output.WaitForAsync(_ => true, Cancellation);
        for (var call = 0; call < count; call++)
        {
            using var body = new StringContent(Calls.Echo("1", Parameter), Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(url, body, Cancellation);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Calls of the project, as its dashboard shows them.</summary>
    public async Task<long> CountCallsAsync()
    {
        using var overview = JsonDocument.Parse(await _dashboard.GetStringAsync("/api/v1/overview?since=1h", Cancellation));
        return overview.RootElement.GetProperty("now").GetProperty("calls").GetInt64();
    }

    /// <summary>Ends when the dashboard shows at least so many.</summary>
    public async Task WhenCountedAsync(long calls)
    {
        while (await CountCallsAsync() < calls)
        {
            await Task.Yield();
        }
    }

    /// <summary>Ends when the connector knows that the relay has everything.</summary>
    public async Task WhenNothingWaitsAsync()
    {
        while (CountWaiting() > 0)
        {
            await Task.Yield();
        }
    }

    /// <summary>Events that wait in files.</summary>
    public long CountWaiting() =>
        Directory.EnumerateFiles(_folder.Path, "*.spill", SearchOption.AllDirectories).Sum(path => CountEvents(File.ReadAllBytes(path)));

    /// <summary>Whether there is a trace of what calls were about.</summary>
    public bool HasKeptParameters() =>
        Directory
            .EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Relay.DataFolder, "*", SearchOption.AllDirectories))
            .Any(path => Encoding.Latin1.GetString(File.ReadAllBytes(path)).Contains(Parameter, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        _dashboard.Dispose();
        await Relay.DisposeAsync();
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    private static long CountEvents(ReadOnlySpan<byte> file)
    {
        var events = 0L;
        while (
            file.Length >= HeaderLength && BinaryPrimitives.ReadInt32LittleEndian(file) + HeaderLength is var size && size <= file.Length
        )
        {
            events += BinaryPrimitives.ReadInt32LittleEndian(file[EventsOffset..]);
            file = file[size..];
        }

        return events;
    }

    private static async Task<string> RunAsync(RelayProcess relay, params string[] arguments)
    {
        await using var command = ChildProcess.Start(Programs.Relay, [.. arguments, "--data", relay.DataFolder]);
        Assert.Equal(0, await command.WaitForExitAsync(Cancellation));
        return string.Concat(command.Output.Lines);
    }
}
