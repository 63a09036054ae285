using System.Diagnostics;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Bridge;

/// <summary><c>mcpr stdio</c>, started by the clients that people use, for servers that people run.</summary>
[Trait("needs", "node")]
public sealed class StdioTests : IDisposable
{
    private const string Everything = "node_modules/@modelcontextprotocol/server-everything/dist/index.js";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("v1", "streamableHttp", "/mcp")]
    [InlineData("v2", "streamableHttp", "/mcp")]
    [InlineData("modern", "streamableHttp", "/mcp")]
    [InlineData("v1", "sse", "/sse")]
    [InlineData("v2", "sse", "/sse")]
    [InlineData("modern", "sse", "/sse")]
    public async Task ServerEverything_IsCalled(string sdk, string transport, string path)
    {
        var port = FreePort.Next();
        await using var server = ChildProcess.Start(
            Repository.Tests("node"),
            [Repository.Tests(Everything), transport],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["PORT"] = $"{port}" }
        );
        await server.Error.WaitForAsync(line => line.Contains($"{port}", StringComparison.Ordinal), Cancellation);

        var seen = await CallAsync(sdk, "echo", """{"message":"hällo ✓"}""", $"http://127.0.0.1:{port}{path}");

        Assert.Contains("hällo ✓", seen.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.True(seen.GetProperty("isSame").GetBoolean());
        // Clients of the revision without sessions find out that this server is none of that.
        Assert.Equal("legacy", seen.GetProperty("era").GetString());
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("v1", "legacy")]
    [InlineData("v2", "legacy")]
    [InlineData("modern", "modern")]
    public async Task ServerOfBothEras_IsSpokenToInThatOfTheClient(string sdk, string era)
    {
        await using var server = ChildProcess.Start(
            Repository.Tests("node"),
            [Repository.Tests("fixture-server", "main.js"), "--http", "0"]
        );
        var url = await server.Output.WaitForAsync(_ => true, Cancellation);

        var seen = await CallAsync(sdk, "test_elicitation", """{"message":"who?"}""", url);

        Assert.Equal(era, seen.GetProperty("era").GetString());
        Assert.True(era == "modern" || seen.GetProperty("asked").GetInt32() == 20);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task ServerWithOAuth_IsLoggedInToOnceAndTheLoginKept(string sdk)
    {
        await using var server = ChildProcess.Start(Repository.Tests("node"), [Repository.Tests("oauth", "main.js")]);
        var url = await server.Output.WaitForAsync(_ => true, Cancellation);
        var browser = Path.Combine(_folder.Path, "xdg-open");
        var opened = Path.Combine(_folder.Path, "opened");
        await File.WriteAllTextAsync(
            browser,
            $"#!/bin/sh\necho \"$1\" >> {opened}\nexec {Repository.Tests("node")} {Repository.Tests("stdio-client", "browser.js")} \"$1\"\n",
            Cancellation
        );
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(browser, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var first = await CallAsync(sdk, "whoami", "{}", url);
        var second = await CallAsync(sdk, "whoami", "{}", url);

        Assert.Equal(url, first.GetProperty("text").GetString());
        Assert.Equal(url, second.GetProperty("text").GetString());
        var page = new Uri(Assert.Single(await File.ReadAllLinesAsync(opened, Cancellation)));
        Assert.Contains("code_challenge_method=S256", page.Query, StringComparison.Ordinal);
        Assert.Contains($"resource={Uri.EscapeDataString(url)}", page.Query, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Inspector_ListsToolsOfAServerOnTheNetwork()
    {
        await using var server = ChildProcess.Start(
            Repository.Tests("node"),
            [Repository.Tests("fixture-server", "main.js"), "--http", "0"]
        );
        var url = await server.Output.WaitForAsync(_ => true, Cancellation);
        await using var inspector = ChildProcess.Start(
            Repository.Tests("node"),
            [
                Repository.Tests("node_modules", "@modelcontextprotocol", "inspector", "clients", "launcher", "build", "index.js"),
                "--cli",
                "--method",
                "tools/list",
                "--",
                Programs.Connector,
                "stdio",
                url,
            ],
            Environment()
        );

        var exitCode = await inspector.WaitForExitAsync(Cancellation);

        Assert.True(exitCode == 0, $"the inspector exited with {exitCode}: {string.Join('\n', inspector.Error.Lines)}");
        Assert.Contains(inspector.Output.Lines, line => line.Contains("test_simple_text", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerOverTheNetwork_IsServedOverTheNetworkAgain()
    {
        await using var server = ChildProcess.Start(
            Repository.Tests("node"),
            [Repository.Tests("fixture-server", "main.js"), "--http", "0"]
        );
        var url = await server.Output.WaitForAsync(_ => true, Cancellation);
        await using var proxy = await LocalProxy.StartAsync(["serve", "--port", "0", "--", Programs.Connector, "stdio", url], Cancellation);

        var seen = await CallAsync("v1", "test_simple_text", "{}", proxy.Url.AbsoluteUri);

        Assert.True(seen.GetProperty("isSame").GetBoolean());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ClientIsKilled_ProgramEndsWithItsInput()
    {
        await using var server = ChildProcess.Start(
            Repository.Tests("node"),
            [Repository.Tests("fixture-server", "main.js"), "--http", "0"]
        );
        var url = await server.Output.WaitForAsync(_ => true, Cancellation);
        // The parent writes its child's number and holds the child's input open until it is killed.
        await using var parent = ChildProcess.Start(
            "sh",
            [
                "-c",
                "mkfifo \"$2\" && exec 3<>\"$2\" && { sh -c 'echo $$; exec \"$0\" stdio \"$1\"' \"$0\" \"$1\" 3>&- <\"$2\" & exec 4>\"$2\" 3>&-; wait; }",
                Programs.Connector,
                url,
                Path.Combine(_folder.Path, "pipe"),
            ],
            Environment()
        );
        using var program = Process.GetProcessById(int.Parse(await parent.Output.WaitForAsync(_ => true, Cancellation)));

        await parent.KillAsync();

        await program.WaitForExitAsync(Cancellation);
        Assert.True(program.HasExited);
    }

    private Task<System.Text.Json.JsonElement> CallAsync(string sdk, string tool, string arguments, string url) =>
        StdioClient.CallAsync(sdk, tool, arguments, [Programs.Connector, "stdio", url], Environment(), Cancellation);

    private Dictionary<string, string?> Environment() =>
        new(StringComparer.Ordinal)
        {
            ["XDG_CONFIG_HOME"] = _folder.Path,
            ["MCP_CATALOG_PATH"] = Path.Combine(_folder.Path, "catalog.json"),
            ["PATH"] = $"{_folder.Path}{Path.PathSeparator}{System.Environment.GetEnvironmentVariable("PATH")}",
        };
}
