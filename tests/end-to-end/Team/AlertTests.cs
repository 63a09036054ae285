using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Team;

/// <summary>Alerts of a project, with the shipped relay and a receiver that checks signatures.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Id, string Timestamp, string Signature, string Body)> _messages = new();
    private KestrelHost _receiver = null!;
    private RelayProcess _relay = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _receiver = await KestrelHost.StartAsync(ReceiveAsync, Cancellation);
        _relay = await RelayProcess.StartAsync(Cancellation, "--team", "true", "--team-webhook-private", "true");
        await RunAsync("projects", "create", "acme");
        var token = await RunAsync("members", "add", "--project", "acme", "--name", "alice", "--role", "editor");
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{_relay.Port}") };
        _http.DefaultRequestHeaders.Host = $"dashboard.localhost:{_relay.Port}";
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _relay.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    /// <summary>The shortest window is a minute, and a whole one of good calls has to pass.</summary>
    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task FailingTool_IsToldOnce_AndOnceMoreWhenItIsWellAgain_AlsoByARelayThatWasKilled()
    {
        var (rule, secret) = await AddAsync();
        await SendAsync(20, "error");
        var firing = await NextAsync(seen: 0);

        // It has written down what it knows; what it knew in memory is gone.
        await _relay.Process.KillAsync();
        await _relay.RestartAsync(Cancellation);
        while (_messages.Count < 2)
        {
            await SendAsync(200, "ok");
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Cancellation);
        }

        var resolved = await NextAsync(seen: 1);
        Assert.Equal(("alert.firing", "alert.resolved"), (TypeOf(firing.Body), TypeOf(resolved.Body)));
        foreach (var (id, timestamp, signature, body) in _messages)
        {
            var key = Convert.FromBase64String(secret["whsec_".Length..]);
            var signed = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
            Assert.Equal($"v1,{Convert.ToBase64String(signed)}", signature);
            Assert.Equal(rule, (string?)JsonNode.Parse(body)!["data"]!["rule"]);
        }

        Assert.Equal(2, _messages.Count);
        var listed = await RunAsync("alerts", "list", "--project", "acme", "--json");
        Assert.Equal("ok", (string?)JsonNode.Parse(listed)!["alerts"]![0]!["state"]);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Test_ArrivesFromTheCommandAndFromTheApi()
    {
        var (rule, _) = await AddAsync();

        await RunAsync("alerts", "test", "--project", "acme", rule);
        using var response = await _http.PostAsync($"/api/v1/alerts/{rule}/test", content: null, Cancellation);

        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal((true, "status 204"), ((bool)answer["is_delivered"]!, (string?)answer["told"]));
        Assert.All(_messages, message => Assert.Equal("alert.test", TypeOf(message.Body)));
        Assert.Equal(2, _messages.Count);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Viewer_ReadsAndChangesNothing()
    {
        var (rule, _) = await AddAsync();
        var token = await RunAsync("members", "add", "--project", "acme", "--name", "bob", "--role", "viewer");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var list = await _http.GetAsync("/api/v1/alerts", Cancellation);
        using var remove = await _http.DeleteAsync($"/api/v1/alerts/{rule}", Cancellation);
        using var test = await _http.PostAsync($"/api/v1/alerts/{rule}/test", content: null, Cancellation);

        var listed = await list.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (list.StatusCode, remove.StatusCode));
        Assert.Equal(HttpStatusCode.Forbidden, test.StatusCode);
        Assert.Contains(rule, listed, StringComparison.Ordinal);
        Assert.DoesNotContain("/hook", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec", listed, StringComparison.Ordinal);
        Assert.Empty(_messages);
    }

    private async Task<(string Rule, string Secret)> AddAsync()
    {
        var draft = new JsonObject
        {
            ["tool"] = "search",
            ["metric"] = "error_rate",
            ["over"] = 0.05,
            ["window_s"] = 60,
            ["webhook"] = new Uri(_receiver.BaseAddress, "hook").AbsoluteUri,
        };
        using var body = new StringContent(draft.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync("/api/v1/alerts", body, Cancellation);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var added = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        return ((string)added["alert"]!["id"]!, (string)added["secret"]!);
    }

    private async Task SendAsync(int calls, string status)
    {
        var lines = new StringBuilder();
        for (var call = 0; call < calls; call++)
        {
            var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffK", CultureInfo.InvariantCulture);
            lines.Append(
                CultureInfo.InvariantCulture,
                $$"""{"id":"{{Guid.CreateVersion7()}}","ts":"{{now}}","type":"tool_call","method":"tools/call","tool":"search","server":"localhost:9000","status":"{{status}}","latency_ms":8}"""
            );
            lines.Append('\n');
        }

        using var content = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
        content.Headers.Add("Mcpr-Server", "shop");
        using var response = await _http.PostAsync("/ingest/v1/events", content, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    private async Task<(string Id, string Timestamp, string Signature, string Body)> NextAsync(int seen)
    {
        while (_messages.Count <= seen)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);
        }

        return _messages.ElementAt(seen);
    }

    private async Task ReceiveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(cancellationToken);
        var headers = context.Request.Headers;
        _messages.Enqueue(
            (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), body)
        );
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static string? TypeOf(string body) => (string?)JsonNode.Parse(body)!["type"];

    /// <returns>What it printed.</returns>
    private async Task<string> RunAsync(params string[] arguments)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_RELAY_TEAM_WEBHOOK_PRIVATE"] = "true" };
        var outcome = await Outcome.OfAsync(ChildProcess.Start(Programs.Relay, [.. arguments, "--data", _relay.DataFolder], environment));
        Assert.True(outcome.ExitCode == 0, string.Join('\n', outcome.Error));
        return string.Join('\n', outcome.Output);
    }
}
