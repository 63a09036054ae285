using System.Net;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Cli;

/// <summary>mcpr.toml, variables and options, as they work together in the program.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ProjectFile => Path.Combine(_folder.Path, "mcpr.toml");

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task FileAboveTheWorkingFolder_IsAllThatIsNeeded()
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        await WriteAsync($"mcp = '{origin.BaseAddress}'\nport = 0\nallow_host = ['a.example']\n");
        var below = Directory.CreateDirectory(Path.Combine(_folder.Path, "src")).FullName;
        await using var proxy = await LocalProxy.StartAsync([], Cancellation, workingFolder: below);

        Assert.Equal(204, await GetAsync(proxy.Url, "a.example"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task FileWithTunnel_OpensOne()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await WriteAsync($"mcp = 9\n[tunnel]\nrelay = '{relay.Address}'\nname = 'from-a-file'\n");
        await using var connector = LocalProxy.Launch([], _folder.Path, workingFolder: _folder.Path);

        Assert.Equal($"http://from-a-file.localhost:{relay.Port}/mcp", await connector.Output.WaitForAsync(_ => true, Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PortWithARelayThatNobodyAskedFor_StaysLocal()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var proxy = await LocalProxy.StartAsync(
            ["--mcp", "9", "--port", "0"],
            Cancellation,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_RELAY"] = relay.Address.AbsoluteUri }
        );

        Assert.Equal(502, await GetAsync(proxy.Url, "localhost"));
        Assert.DoesNotContain(proxy.Process.Error.Lines, line => line.Contains("tunnel up", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ChangedLimit_CountsForTheNextRequest()
    {
        await using var origin = RawHttpOrigin.Start((_, _) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, Cancellation));
        await WriteAsync($"mcp = '{origin.BaseAddress}'\nport = 0\n");
        await using var proxy = await LocalProxy.StartAsync([], Cancellation, workingFolder: _folder.Path);

        await WriteAsync($"mcp = '{origin.BaseAddress}'\nport = 1\nlimits.upstream_timeout = '100ms'\n");
        await proxy.Process.Error.WaitForAsync(line => line == "mcpr: configuration changed, which needs a restart: port", Cancellation);

        Assert.Equal(504, await GetAsync(proxy.Url, "localhost"));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("", "mcp = 9\nprot = 1\n", 3, "mcpr.toml:2: unknown key prot")]
    [InlineData("config check", "mcp = 9\nprot = 1\n", 3, "mcpr.toml:2: unknown key prot")]
    [InlineData("config show", "port = \n", 3, "mcpr.toml:1: expected a value")]
    [InlineData("config check", "tls_cert = 'x'\n", 3, "tls_cert is nothing without tls_key")]
    [InlineData("", "api_key = 'x'\n", 3, "mcpr.toml:1: api_key looks like a secret")]
    [InlineData("--config missing.toml", "", 3, "missing.toml is not there")]
    [InlineData("", "port = 0\n", 2, "no MCP server")]
    [InlineData("", "mcp = 9\n", 2, "nobody could call this")]
    [InlineData("proxy", "mcp = 9\n", 2, "no port to listen on")]
    [InlineData("tunnel", "mcp = 9\n", 2, "no relay")]
    [InlineData("--port 99999", "mcp = 9\n", 2, "--port: '99999' is no port")]
    [InlineData("--port 0 --tls-key x", "mcp = 9\n", 2, "tls_key is nothing without tls_cert")]
    [InlineData("--port 0 --bind 192.0.2.1", "mcp = 9\n", 3, "cannot listen on 192.0.2.1:0")]
    public async Task WhatCannotWork_EndsWithItsExitCode(string arguments, string file, int exitCode, string message)
    {
        await WriteAsync(file);
        await using var process = LocalProxy.Launch(
            arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            _folder.Path,
            workingFolder: _folder.Path
        );

        Assert.Equal(exitCode, await process.WaitForExitAsync(Cancellation));
        Assert.Empty(process.Output.Lines);
        Assert.Contains(process.Error.Lines, line => line.Contains(message, StringComparison.Ordinal));
        Assert.All(process.Error.Lines, line => Assert.StartsWith("mcpr: ", line, StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ShownSettings_SayWhoSetThem()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "mcpr"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "mcpr", "config.toml"), "[tunnel]\nrelay = 'a.example'\n", Cancellation);
        await WriteAsync("mcp = 9\nport = 1\n");
        await using var process = LocalProxy.Launch(
            ["config", "show", "--origin", "--port", "2"],
            _folder.Path,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_TUNNEL_NAME"] = "x" },
            _folder.Path
        );

        Assert.Equal(0, await process.WaitForExitAsync(Cancellation));
        Assert.Contains($"mcp = \"9\"  # {ProjectFile}:1", process.Output.Lines, StringComparer.Ordinal);
        Assert.Contains("port = 2  # --port", process.Output.Lines, StringComparer.Ordinal);
        Assert.Contains("tunnel.name = \"x\"  # MCPR_TUNNEL_NAME", process.Output.Lines, StringComparer.Ordinal);
        Assert.Contains(
            $"tunnel.relay = \"a.example\"  # {Path.Combine(_folder.Path, "mcpr", "config.toml")}:2",
            process.Output.Lines,
            StringComparer.Ordinal
        );
        Assert.Contains("bind = \"127.0.0.1\"  # default", process.Output.Lines, StringComparer.Ordinal);
        Assert.Contains("# tls_cert is not set", process.Output.Lines, StringComparer.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Task WriteAsync(string content) => File.WriteAllTextAsync(ProjectFile, content, Cancellation);

    private static async Task<int> GetAsync(Uri url, string host)
    {
        await using var caller = await RawHttpClient.ConnectAsync(url, Cancellation);
        await caller.SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n", Cancellation);
        return (await caller.ReadResponseAsync(Cancellation)).StatusCode;
    }
}
