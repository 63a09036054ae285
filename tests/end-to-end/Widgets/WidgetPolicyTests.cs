using System.Net;
using System.Text;
using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>What hosts get to know of the fixture server's widgets, through the real programs.</summary>
[Trait("needs", "node")]
public sealed class WidgetPolicyTests : IAsyncLifetime
{
    private const string Public = "https://otter.example.com";

    // The first 32 digits of the SHA-256 of https://otter.example.com/mcp.
    private const string ClaudeDomain = "cfda6187a586cec15473338c80bf066f.claudemcpcontent.com";

    private ChildProcess _fixture = null!;
    private LocalProxy _proxy = null!;
    private string _mcp = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fixture = ChildProcess.Start(Repository.Tests("node"), [Repository.Tests("fixture-server", "main.js"), "--http", "0"]);
        _mcp = await _fixture.Output.WaitForAsync(_ => true, Cancellation);
        _proxy = await LocalProxy.StartAsync(
            [
                "proxy",
                "--mcp",
                _mcp,
                "--port",
                "0",
                "--public-url",
                Public,
                "--csp-report",
                "--csp-connect",
                "configured.example.com",
                "--events",
            ],
            Cancellation
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("legacy", "openai-mcp", Public)]
    [InlineData("modern", "openai-mcp", Public)]
    [InlineData("legacy", "Anthropic/ClaudeAI", ClaudeDomain)]
    [InlineData("modern", "Anthropic/ClaudeAI", ClaudeDomain)]
    [InlineData("modern", "somebody", null)]
    public async Task Inspector_SeesThePolicyAndTheDomainOfTheClientThatItPosesAs(string era, string client, string? domain)
    {
        using var answer = await InspectAsync(era, client);

        var app = answer.RootElement.GetProperty("appInfo");
        var csp = app.GetProperty("csp");
        Assert.Equal(
            $"{Public} wss://otter.example.com https://api.example.com https://configured.example.com",
            string.Join(' ', csp.GetProperty("connectDomains").EnumerateArray())
        );
        Assert.Equal($"https://images.example.com {Public}", string.Join(' ', csp.GetProperty("resourceDomains").EnumerateArray()));
        Assert.Equal("https://future.example.com", csp.GetProperty("futureDomains")[0].GetString());
        Assert.Equal(domain, app.TryGetProperty("domain", out var said) ? said.GetString() : null);
        Assert.True(app.GetProperty("prefersBorder").GetBoolean());
        var read = await _proxy.Process.Output.WaitForAsync(
            line => line.Contains("resources/read", StringComparison.Ordinal),
            Cancellation
        );
        Assert.Contains("\"csp_applied\":true", read, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ReportOfASandbox_BecomesAnEventAndALine()
    {
        using var http = new HttpClient();
        using var report = new HttpRequestMessage(HttpMethod.Post, new Uri(_proxy.Url, "/_mcpr/csp-report"));
        report.Headers.Add("Origin", "null");
        report.Content = new StringContent(
            """{"widget":"ui://fixture/clock","directive":"connect-src","blocked":"https://new.example.com/path"}""",
            Encoding.UTF8,
            "text/plain"
        );

        using var answer = await http.SendAsync(report, Cancellation);
        var told = await _proxy.Process.Output.WaitForAsync(line => line.Contains("csp_violation", StringComparison.Ordinal), Cancellation);
        await _proxy.Process.Error.WaitForAsync(
            line => line.Contains("ui://fixture/clock: connect-src stopped https://new.example.com", StringComparison.Ordinal),
            Cancellation
        );

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        using var violation = JsonDocument.Parse(told);
        Assert.Equal("https://new.example.com", violation.RootElement.GetProperty("blocked_uri").GetString());
        Assert.Equal(
            "csp.connect_domains = [\"https://configured.example.com\", \"https://new.example.com\"]",
            violation.RootElement.GetProperty("fix").GetString()
        );
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(0, "ui://fixture/clock")]
    [InlineData(1, "ui://fixture/nothing")]
    public async Task Explain_TellsOfEveryHost(int exitCode, string uri)
    {
        using var folder = new TemporaryFolder();
        await using var explain = LocalProxy.Launch(["csp", "explain", uri, "--json", "--mcp", _mcp, "--public-url", Public], folder.Path);

        Assert.Equal(exitCode, await explain.WaitForExitAsync(Cancellation));

        if (exitCode == 0)
        {
            using var explained = JsonDocument.Parse(string.Concat(explain.Output.Lines));
            var policies = explained.RootElement[0].GetProperty("policies").EnumerateArray().ToArray();
            Assert.Equal(
                "specification ChatGPT Claude",
                string.Join(' ', policies.Select(policy => policy.GetProperty("host").GetString()))
            );
            Assert.All(
                policies,
                policy =>
                    Assert.Contains($"connect-src 'self' {Public}", policy.GetProperty("policy").GetString(), StringComparison.Ordinal)
            );
        }
    }

    private async Task<JsonDocument> InspectAsync(string era, string client)
    {
        using var home = new TemporaryFolder();
        await using var inspector = ChildProcess.Start(
            Repository.Tests("node"),
            [
                Repository.Tests("node_modules", "@modelcontextprotocol", "inspector", "clients", "launcher", "build", "index.js"),
                "--cli",
                _proxy.Url.AbsoluteUri,
                "--transport",
                "http",
                "--protocol-era",
                era,
                "--method",
                "tools/call",
                "--tool-name",
                "show_clock",
                "--app-info",
                "--format",
                "json",
            ],
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["NODE_OPTIONS"] = $"--require {Repository.Tests("fixture-server", "pose-as-client.cjs")}",
                ["POSE_AS"] = client,
                ["MCP_CATALOG_PATH"] = Path.Combine(home.Path, "catalog.json"),
            }
        );
        var exitCode = await inspector.WaitForExitAsync(Cancellation);

        Assert.True(exitCode == 0, $"the inspector exited with {exitCode}: {string.Join('\n', inspector.Error.Lines)}");
        return JsonDocument.Parse(string.Concat(inspector.Output.Lines));
    }
}
