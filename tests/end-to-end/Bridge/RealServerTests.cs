using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Bridge;

/// <summary>A server that people run, behind <c>mcpr serve</c>, and clients that people use.</summary>
[Trait("needs", "node")]
public sealed class RealServerTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ChildProcess _mcpr = null!;
    private Uri _url = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mcpr = ChildProcess.Start(
            Programs.Connector,
            [
                "serve",
                "--port",
                "0",
                "--",
                Repository.Tests("node"),
                Repository.Tests("node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js"),
                "stdio",
            ],
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["XDG_CONFIG_HOME"] = _folder.Path,
                ["XDG_STATE_HOME"] = _folder.Path,
            },
            _folder.Path
        );
        _url = new Uri(await _mcpr.Output.WaitForAsync(_ => true, Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await _mcpr.DisposeAsync();
        _folder.Dispose();
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(HttpTransportMode.StreamableHttp, "/mcp")]
    [InlineData(HttpTransportMode.Sse, "/sse")]
    public async Task CSharpSdkClient_ListsCallsAndIsAsked(HttpTransportMode mode, string path)
    {
        await using var transport = new HttpClientTransport(
            new HttpClientTransportOptions { Endpoint = new Uri(_url, path), TransportMode = mode }
        );
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new McpClientOptions
        {
            Handlers = new McpClientHandlers
            {
                ElicitationHandler = (_, _) =>
                {
                    asked.TrySetResult();
                    return new(new ElicitResult { Action = "decline" });
                },
            },
        };
        await using var client = await McpClient.CreateAsync(transport, options, cancellationToken: Cancellation);

        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
        var echo = await client.CallToolAsync("echo", Arguments("message", "hallo ✓"), cancellationToken: Cancellation);
        var elicited = await client.CallToolAsync("trigger-elicitation-request", cancellationToken: Cancellation);

        Assert.Contains(tools, tool => tool.Name == "echo");
        Assert.Contains("hallo ✓", TextOf(echo), StringComparison.Ordinal);
        Assert.True(asked.Task.IsCompleted);
        Assert.Contains("decline", TextOf(elicited), StringComparison.OrdinalIgnoreCase);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("legacy")]
    [InlineData("modern")]
    public async Task Inspector_CallsTools(string era)
    {
        await using var inspector = ChildProcess.Start(
            Repository.Tests("node"),
            [
                Repository.Tests("node_modules", "@modelcontextprotocol", "inspector", "clients", "launcher", "build", "index.js"),
                "--cli",
                _url.AbsoluteUri,
                "--transport",
                "http",
                "--protocol-era",
                era,
                "--method",
                "tools/call",
                "--tool-name",
                "echo",
                "--tool-arg",
                "message=hallo",
            ],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCP_CATALOG_PATH"] = Path.Combine(_folder.Path, "catalog.json") }
        );
        var exitCode = await inspector.WaitForExitAsync(Cancellation);

        Assert.True(exitCode == 0, $"the inspector exited with {exitCode}: {string.Join('\n', inspector.Error.Lines)}");
        using var answer = JsonDocument.Parse(string.Concat(inspector.Output.Lines));
        Assert.Contains("hallo", answer.RootElement.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    private static Dictionary<string, object?> Arguments(string name, string value) => new(StringComparer.Ordinal) { [name] = value };

    private static string TextOf(CallToolResult result) =>
        string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
