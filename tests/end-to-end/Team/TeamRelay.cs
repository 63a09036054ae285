using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Team;

/// <summary>A relay with a dashboard for teams, set up with the commands that operators have.</summary>
internal sealed class TeamRelay : IAsyncDisposable
{
    private readonly HttpClient _http = new();

    private TeamRelay(RelayProcess relay)
    {
        Relay = relay;
    }

    public RelayProcess Relay { get; }

    public Uri Dashboard => new($"http://dashboard.localhost:{Relay.Port}");

    public static async Task<TeamRelay> StartAsync(CancellationToken cancellationToken) =>
        new(await RelayProcess.StartAsync(cancellationToken, "--team", "true"));

    /// <returns>What it printed on standard output.</returns>
    public async Task<IReadOnlyList<string>> CommandAsync(params string[] arguments)
    {
        var outcome = await Outcome.OfAsync(ChildProcess.Start(Programs.Relay, [.. arguments, "--data", Relay.DataFolder]));
        Assert.Equal(0, outcome.ExitCode);
        return outcome.Output;
    }

    /// <returns>The token.</returns>
    public async Task<string> AddMemberAsync(string project, string name, string role) =>
        Assert.Single(await CommandAsync("members", "add", "--project", project, "--name", name, "--role", role));

    /// <summary>Sends a call that happened now.</summary>
    public async Task SendAsync(string token, string server, string tool, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var line = $$"""
            {"id":"{{Guid.CreateVersion7()}}","ts":"{{time}}","type":"tool_call","method":"tools/call","tool":"{{tool}}","session":null,"user":null,"latency_ms":12,"status":"ok","upstream":null,"http_status":200}
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{Relay.Port}/ingest/v1/events");
        request.Content = new StringContent(line, Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        request.Headers.Host = Dashboard.Authority;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Mcpr-Server", server);
        using var response = await _http.SendAsync(request, cancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Relay.DisposeAsync();
    }
}
