using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Bridge;

/// <summary>mcp-remote, which many applications start for servers on the network, in front of programs that mcpr serves.</summary>
[Trait("needs", "node")]
public sealed class McpRemoteTests : IDisposable
{
    private static readonly string[] s_everything =
    [
        "--",
        Repository.Tests("node"),
        Repository.Tests("node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js"),
        "stdio",
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("http-only", "/mcp")]
    [InlineData("http-first", "/mcp")]
    [InlineData("sse-only", "/sse")]
    public async Task Program_IsCalledOnALocalPort(string transport, string path)
    {
        await using var proxy = await LocalProxy.StartAsync(["serve", "--port", "0", .. s_everything], Cancellation);

        await CallAsync(new Uri(proxy.Url, path), transport);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("http-only", "/mcp")]
    [InlineData("sse-only", "/sse")]
    public async Task Program_IsCalledThroughTheTunnel(string transport, string path)
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var mcpr = LocalProxy.Launch(["tunnel", "--relay", relay.Address.AbsoluteUri, .. s_everything], _folder.Path);
        var url = new Uri(await mcpr.Output.WaitForAsync(_ => true, Cancellation));

        await CallAsync(new Uri(url, path), transport);
    }

    private async Task CallAsync(Uri url, string transport)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCP_REMOTE_CONFIG_DIR"] = _folder.Path };
        environment.Add(StdioClient.ResolvingLocalhostNames.Key, StdioClient.ResolvingLocalhostNames.Value);
        var seen = await StdioClient.CallAsync(
            "v1",
            "echo",
            """{"message":"hällo ✓"}""",
            [
                Repository.Tests("node"),
                Repository.Tests("node_modules", "mcp-remote", "dist", "proxy.js"),
                url.AbsoluteUri,
                "--transport",
                transport,
                "--allow-http",
            ],
            environment,
            Cancellation
        );

        Assert.Contains("hällo ✓", seen.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.True(seen.GetProperty("isSame").GetBoolean());
    }
}
