using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Clients;

/// <summary>The MCP Inspector's command line, through the tunnel, against the fixture server of both eras.</summary>
[Trait("needs", "node")]
public sealed class InspectorTests : IAsyncLifetime
{
    private ChildProcess _fixture = null!;
    private TunnelBed _bed = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fixture = ChildProcess.Start(Repository.Tests("node"), [Repository.Tests("fixture-server", "main.js"), "--http", "0"]);
        _bed = await TunnelBed.StartAsync(new Uri(await _fixture.Output.WaitForAsync(_ => true, Cancellation)), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _bed.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("legacy")]
    [InlineData("modern")]
    public async Task Inspector_ListsAndCallsTools(string era)
    {
        using var tools = await InspectAsync(era, "tools/list");
        using var answer = await InspectAsync(era, "tools/call", "--tool-name", "test_simple_text");

        Assert.Contains(
            tools.RootElement.GetProperty("tools").EnumerateArray(),
            tool => tool.GetProperty("name").GetString() == "test_simple_text"
        );
        Assert.Equal("text", answer.RootElement.GetProperty("content")[0].GetProperty("type").GetString());
    }

    private async Task<JsonDocument> InspectAsync(string era, string method, params string[] more)
    {
        using var home = new TemporaryFolder();
        await using var inspector = ChildProcess.Start(
            Repository.Tests("node"),
            [
                Repository.Tests("node_modules", "@modelcontextprotocol", "inspector", "clients", "launcher", "build", "index.js"),
                "--cli",
                _bed.Url.AbsoluteUri,
                "--transport",
                "http",
                "--protocol-era",
                era,
                "--method",
                method,
                .. more,
            ],
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                // Node asks the system's resolver, which does not know *.localhost everywhere (RFC 6761 section 6.3).
                ["NODE_OPTIONS"] = $"--require {Repository.Tests("conformance", "resolve-localhost-names.cjs")}",
                ["MCP_CATALOG_PATH"] = Path.Combine(home.Path, "catalog.json"),
            }
        );
        var exitCode = await inspector.WaitForExitAsync(Cancellation);

        Assert.True(exitCode == 0, $"the inspector exited with {exitCode}: {string.Join('\n', inspector.Error.Lines)}");
        return JsonDocument.Parse(string.Concat(inspector.Output.Lines));
    }
}
