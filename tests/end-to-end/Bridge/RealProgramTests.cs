using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Bridge;

/// <summary>Programs that people run, put on the web by <c>mcpr serve</c> and taken back by <c>mcpr stdio</c>, for the official clients.</summary>
[Trait("needs", "node")]
public sealed class RealProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Filesystem_ShowsItsFolder(string sdk)
    {
        var text = await CallAsync(sdk, "server-filesystem", [_folder.Path], "list_allowed_directories", "{}");

        Assert.Contains(_folder.Path, text, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Memory_IsEmpty(string sdk)
    {
        // The file is where the program looks for it, by a variable that mcpr has to pass on.
        var text = await CallAsync(sdk, "server-memory", [], "read_graph", "{}");

        Assert.Contains("\"entities\": []", text, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task SequentialThinking_TakesAThought(string sdk)
    {
        const string thought = """{"thought":"hm ✓","nextThoughtNeeded":false,"thoughtNumber":1,"totalThoughts":1}""";

        var text = await CallAsync(sdk, "server-sequential-thinking", [], "sequentialthinking", thought, isSame: false);

        Assert.Contains("\"thoughtNumber\": 1", text, StringComparison.Ordinal);
    }

    private async Task<string> CallAsync(
        string sdk,
        string program,
        string[] arguments,
        string tool,
        string toolArguments,
        bool isSame = true
    )
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["XDG_CONFIG_HOME"] = _folder.Path,
            ["MEMORY_FILE_PATH"] = Path.Combine(_folder.Path, "memory.jsonl"),
        };
        await using var proxy = await LocalProxy.StartAsync(
            [
                "serve",
                "--port",
                "0",
                "--pass-env",
                "MEMORY_FILE_PATH",
                "--",
                Repository.Tests("node"),
                Repository.Tests("node_modules", "@modelcontextprotocol", program, "dist", "index.js"),
                .. arguments,
            ],
            Cancellation,
            environment
        );

        var seen = await StdioClient.CallAsync(
            sdk,
            tool,
            toolArguments,
            [Programs.Connector, "stdio", proxy.Url.AbsoluteUri],
            environment,
            Cancellation
        );

        Assert.Equal(isSame, seen.GetProperty("isSame").GetBoolean());
        return seen.GetProperty("text").GetString()!;
    }
}
