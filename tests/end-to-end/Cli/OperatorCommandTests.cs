using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Telemetry;

namespace Tunnel.EndToEnd.Tests.Cli;

/// <summary>What an operator asks of a relay that runs, and tells it.</summary>
public sealed class OperatorCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Tunnel_IsListedAndKicked_AndItsConnectorStaysAway()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--admin", "0");
        await using var connector = await ConnectorProcess.StartAsync(relay, "http://127.0.0.1:9", Cancellation);
        var admin = await AdminPort.OfAsync(relay.Process);
        var name = connector.Url.Host.Split('.')[0];

        var listed = await RunAsync(admin, "tunnels", "list");
        var asJson = await RunAsync(admin, "tunnels", "list", "--json");
        var nodes = await RunAsync(admin, "nodes", "list");
        var nobody = await RunAsync(admin, "tunnels", "kick", "nobody");
        var kicked = await RunAsync(admin, "tunnels", "kick", name.ToUpperInvariant());

        var columns = Assert.Single(listed.Output).Split('\t');
        Assert.Equal((name, "127.0.0.1", "0"), (columns[0], columns[3], columns[4]));
        Assert.StartsWith("anon:", columns[1], StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Assert.Single(asJson.Output));
        Assert.Equal(name, json.RootElement.GetProperty("tunnels")[0].GetProperty("name").GetString());
        Assert.EndsWith("\t-\t1\tthis", Assert.Single(nodes.Output), StringComparison.Ordinal);
        Assert.Equal((1, "mcpr-relay: error: nobody is not open"), (nobody.ExitCode, nobody.Error[0]));
        Assert.Equal(0, kicked.ExitCode);
        Assert.Equal(7, await connector.Process.WaitForExitAsync(Cancellation));
        Assert.Contains(connector.Process.Error.Lines, line => line.Contains("[E3104]", StringComparison.Ordinal));
        Assert.Empty((await RunAsync(admin, "tunnels", "list")).Output);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatCannotStart_SaysWhyAndNothingElse()
    {
        await using var first = await RelayProcess.StartAsync(Cancellation);

        var second = await Outcome.OfAsync(
            ChildProcess.Start(Programs.Relay, ["--listen", $"http://127.0.0.1:{first.Port}", "--data", _folder.Path])
        );

        Assert.Equal(9, second.ExitCode);
        Assert.Equal(2, second.Error.Count);
        Assert.Contains("address already in use", second.Error[0], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Commands_NeedTheTokenThatTheRelayHas_AndHealthDoesNot()
    {
        var token = Path.Combine(_folder.Path, "token");
        await File.WriteAllTextAsync(token, "0123456789abcdef0123456789abcdef\n", Cancellation);
        var wrong = Path.Combine(_folder.Path, "wrong");
        await File.WriteAllTextAsync(wrong, "0123456789abcdef0123456789abcdeX\n", Cancellation);
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--admin", "0", "--admin-token-file", token);
        var admin = await AdminPort.OfAsync(relay.Process);

        var without = await RunAsync(admin, "tunnels", "list");
        var withWrong = await RunAsync(admin, "tunnels", "list", "--admin-token-file", wrong);
        var with = await RunAsync(admin, "tunnels", "list", "--admin-token-file", token);

        Assert.Equal((1, 1, 0), (without.ExitCode, withWrong.ExitCode, with.ExitCode));
        Assert.Equal("mcpr-relay: hint: name the file with --admin-token-file", without.Error[1]);
        Assert.Equal(200, (await admin.GetAsync("/healthz")).Status);
        Assert.DoesNotContain(relay.Process.Error.Lines, line => line.Contains("0123456789abcdef", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Drain_StopsTheRelay_OrKeepsItForThoseWhoDoNotLeave()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--admin", "0", "--drain", "1s");
        var admin = await AdminPort.OfAsync(relay.Process);

        var stays = await RunAsync(admin, "drain", "--stay");
        var ready = await admin.GetAsync("/readyz");
        var alive = await admin.GetAsync("/healthz");
        var stops = await RunAsync(admin, "drain");

        Assert.Equal((0, 503, 200, 0), (stays.ExitCode, ready.Status, alive.Status, stops.ExitCode));
        Assert.Equal(0, await relay.Process.WaitForExitAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Bans_AreSetListedAndLiftedOverHttp()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--admin", "0");
        var admin = await AdminPort.OfAsync(relay.Process);

        var banned = await SendAsync(admin, "PUT", "bans/Evil", """{"reason":"phishing"}""");
        var tooMuch = await SendAsync(admin, "PUT", "bans/evil", "{\"reason\":\"" + new string('x', 5000) + "\"}");
        var broken = await SendAsync(admin, "PUT", "bans/evil", "{nope");
        var list = await admin.GetAsync("/api/v1/bans");
        var lifted = await SendAsync(admin, "DELETE", "bans/evil");
        var again = await SendAsync(admin, "DELETE", "bans/evil");
        var unknown = await SendAsync(admin, "POST", "shutdown");

        Assert.Equal((200, 400, 400), (banned, tooMuch, broken));
        Assert.Contains("""{"name":"evil",""", list.Text, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"phishing\"", list.Text, StringComparison.Ordinal);
        Assert.Equal((204, 404, 404), (lifted, again, unknown));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatIsNotThere_IsSaid()
    {
        var port = FreePort.Next();

        var outcome = await Outcome.OfAsync(ChildProcess.Start(Programs.Relay, ["tunnels", "list", "--admin", $"{port}"]));
        var nowhere = await Outcome.OfAsync(ChildProcess.Start(Programs.Relay, ["tunnels", "list"]));

        Assert.Equal((1, 3), (outcome.ExitCode, nowhere.ExitCode));
        Assert.StartsWith($"mcpr-relay: error: no relay answers at 127.0.0.1:{port}", outcome.Error[0], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task File_IsCheckedShownAndUsed()
    {
        var file = Path.Combine(_folder.Path, "relay.toml");
        await File.WriteAllTextAsync(file, "listen = 'http://127.0.0.1:0'\nadmin = 0\nmax_tunnel = 3\n", Cancellation);

        var wrong = await RunFileAsync(file, "config", "check");
        var refused = await RunFileAsync(file);
        await File.WriteAllTextAsync(file, "listen = 'http://127.0.0.1:0'\nadmin = 0\nmax_tunnels = 3\n", Cancellation);
        var right = await RunFileAsync(file, "config", "check");
        var shown = await RunFileAsync(file, "config", "show", "--origin", "--hold", "5s");

        Assert.Equal((3, 3, 0, 0), (wrong.ExitCode, refused.ExitCode, right.ExitCode, shown.ExitCode));
        string[] problem = [$"mcpr-relay: error: {file}:3: unknown key max_tunnel", "mcpr-relay: hint: did you mean max_tunnels"];
        Assert.Equal(problem, wrong.Error);
        Assert.Equal(problem, refused.Error);
        Assert.Contains($"max_tunnels = 3  # {file}:3", shown.Output, StringComparer.Ordinal);
        Assert.Contains("hold = \"5s\"  # --hold", shown.Output, StringComparer.Ordinal);
        Assert.Contains("drain = \"30s\"  # default", shown.Output, StringComparer.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<Outcome> RunAsync(AdminPort admin, params string[] arguments) =>
        Outcome.OfAsync(ChildProcess.Start(Programs.Relay, [.. arguments, "--admin", $"{admin.Number}"]));

    private Task<Outcome> RunFileAsync(string file, params string[] arguments) =>
        Outcome.OfAsync(ChildProcess.Start(Programs.Relay, [.. arguments, "--config", file, "--data", Path.Combine(_folder.Path, "data")]));

    private static async Task<int> SendAsync(AdminPort admin, string method, string path, string body = "")
    {
        var request = $"{method} /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        return (await admin.AskAsync(request)).Status;
    }
}
