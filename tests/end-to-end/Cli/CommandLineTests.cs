using System.Diagnostics;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Cli;

/// <summary>The programs as a person or a script meets them.</summary>
public sealed class CommandLineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StandardOutput_HasTheUrlAndNothingElse()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var caller = await bed.ConnectRawAsync(Cancellation);
        await caller.SendAsync(Calls.Post(bed.Url, Calls.Echo("1", "x")), Cancellation);
        await (await caller.ReadResponseAsync(Cancellation, "POST")).ReadBodyAsync(Cancellation);
        await bed.Connector.Process.Error.WaitForAsync(line => line.Contains(" POST 200 ", StringComparison.Ordinal), Cancellation);

        bed.Connector.Process.Interrupt();

        Assert.Equal(0, await bed.Connector.Process.WaitForExitAsync(Cancellation));
        Assert.Equal(bed.Url.AbsoluteUri, Assert.Single(bed.Connector.Process.Output.Lines));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("echo", "tools/call x → http://127.0.0.1:{port}/mcp")]
    [InlineData("error", "tools/call x [-32602 Invalid params] → http://127.0.0.1:{port}/mcp")]
    public async Task Exchange_IsOneLine(string mode, string end)
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var caller = await bed.ConnectRawAsync(Cancellation);
        await caller.SendAsync(
            Calls.Post(
                bed.Url,
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","secret":"s3cret","token":"t","mode":"{{{mode}}}"}}"""
            ),
            Cancellation
        );

        var line = await bed.Connector.Process.Error.WaitForAsync(
            line => line.Contains("tools/call", StringComparison.Ordinal),
            Cancellation
        );

        Assert.Matches(@"^\d\d:\d\d:\d\d POST 200 \d+B [\d.]+m?s [\d.]+m?s↑ [\d.]+m?s↓ ", line);
        Assert.EndsWith(
            end.Replace("{port}", FormattableString.Invariant($"{origin.Port}"), StringComparison.Ordinal),
            line,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("tunnel --mcp ftp://x --relay http://localhost:1", "only http and https work")]
    [InlineData("tunnel --mcp 9000", "MCPR_RELAY")]
    [InlineData("tunnel --relay http://localhost:1", "--mcp")]
    [InlineData("tunnel --mcp 9000 --relay nonsense://x", "no address of a relay")]
    [InlineData("tunnel --mcp 9000 --relay http://localhost:1 --upstream-timeout 0", "positive")]
    [InlineData("tunel", "tunel")]
    [InlineData("", "--mcp")]
    public async Task CommandLineThatCannotBeUnderstood_Exits2WithAHintAndWithoutTheWholeHelp(string arguments, string message)
    {
        await using var connector = ChildProcess.Start(Programs.Connector, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, await connector.WaitForExitAsync(Cancellation));
        Assert.Empty(connector.Output.Lines);
        Assert.Contains(connector.Error.Lines, line => line.StartsWith("mcpr: error:", StringComparison.Ordinal));
        Assert.Contains(connector.Error.Lines, line => line.Contains(message, StringComparison.Ordinal));
        Assert.InRange(connector.Error.Lines.Count, 2, 4);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayFromTheEnvironment_IsUsed()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        using var folder = new TemporaryFolder();
        await using var connector = ChildProcess.Start(
            Programs.Connector,
            ["tunnel", "--mcp", ":9"],
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["MCPR_RELAY"] = relay.Address.AbsoluteUri,
                ["XDG_CONFIG_HOME"] = folder.Path,
                ["XDG_STATE_HOME"] = folder.Path,
            }
        );

        Assert.EndsWith(
            FormattableString.Invariant($".localhost:{relay.Port}/mcp"),
            await connector.Output.WaitForAsync(_ => true, Cancellation),
            StringComparison.Ordinal
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Version_IsPrinted()
    {
        foreach (var program in (string[])[Programs.Connector, Programs.Relay])
        {
            await using var process = ChildProcess.Start(program, ["--version"]);

            Assert.Equal(0, await process.WaitForExitAsync(Cancellation));
            Assert.Equal("0.1.0", Assert.Single(process.Output.Lines));
        }
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task IdentityThatOthersCanRead_IsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are Unix");
            return;
        }

        await using var relay = await RelayProcess.StartAsync(Cancellation);
        using var folder = new TemporaryFolder();
        await using (await ConnectorProcess.StartAsync(relay, "9", Cancellation, folder.Path)) { }

        var identity = Path.Combine(folder.Path, "mcpr", "identity");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(identity));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(identity)!)
        );
        File.SetUnixFileMode(identity, File.GetUnixFileMode(identity) | UnixFileMode.GroupRead);
        await using var refused = ConnectorProcess.Launch(relay, "9", folder.Path);

        Assert.Equal(3, await refused.Process.WaitForExitAsync(Cancellation));
        Assert.Contains(refused.Process.Error.Lines, line => line.Contains("chmod 600", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayWithBadOptions_ListsEveryProblemAndExits3()
    {
        await using var relay = ChildProcess.Start(
            Programs.Relay,
            ["--listen", "nonsense", "--domain", "a b", "--max-tunnels", "0", "--data-connections", "99"]
        );

        Assert.Equal(3, await relay.WaitForExitAsync(Cancellation));
        Assert.Equal(4, relay.Error.Lines.Count);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayPortInUse_Exits9WithAHint()
    {
        await using var first = await RelayProcess.StartAsync(Cancellation);
        using var data = new TemporaryFolder();
        await using var second = ChildProcess.Start(
            Programs.Relay,
            ["--listen", FormattableString.Invariant($"http://127.0.0.1:{first.Port}"), "--data", data.Path]
        );

        Assert.Equal(9, await second.WaitForExitAsync(Cancellation));
        Assert.Contains(second.Error.Lines, line => line.StartsWith("mcpr-relay: hint:", StringComparison.Ordinal));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("", "relay.db/data")]
    [InlineData("", "")]
    [InlineData("tokens list ", "relay.db/data")]
    public async Task RelayDataFolderThatCannotBeUsed_Exits3WithAHint(string command, string data)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "relay.db"), "in the way", Cancellation);
        await using var relay = ChildProcess.Start(
            Programs.Relay,
            $"{command}--data {Path.Combine(folder.Path, data)}"
                .Split(' ')
                .Concat(command.Length == 0 ? ["--listen", "http://127.0.0.1:0"] : [])
        );

        Assert.Equal(3, await relay.WaitForExitAsync(Cancellation));
        Assert.Equal(2, relay.Error.Lines.Count);
        Assert.StartsWith("mcpr-relay: hint:", relay.Error.Lines[1], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task InterruptWhileIdle_StopsAtOnce()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var connector = await ConnectorProcess.StartAsync(relay, "9", Cancellation);
        var interrupted = Stopwatch.GetTimestamp();
        connector.Process.Interrupt();

        Assert.Equal(0, await connector.Process.WaitForExitAsync(Cancellation));
        Assert.InRange(Stopwatch.GetElapsedTime(interrupted), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }
}
