using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Telemetry;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Logs;

/// <summary><c>mcpr-relay --access-log</c>, and what becomes of a relay whose logs nobody reads.</summary>
public sealed class AccessLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Request_IsALineWithoutItsSecrets()
    {
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                await request.ReadBodyAsync();
                await connection.SendAsync("HTTP/1.1 201 Created\r\nContent-Length: 5\r\nmcpr-error: E1 name=forged\r\n\r\nhello");
            }
        );
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--access-log", "json");
        await using var connector = await ConnectorProcess.StartAsync(relay, origin.BaseAddress.AbsoluteUri, Cancellation);
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        await AskAsync(
            relay.Port,
            $"POST /mcp/a%2Fb?token=hunter2 HTTP/1.1\r\nHost: {connector.Url.Authority}\r\nAuthorization: Bearer hunter2\r\n"
                + $"Cookie: hunter2\r\ntraceparent: 00-{Trace}-00f067aa0ba902b7-01\r\nContent-Length: 7\r\n\r\nhunter2"
        );
        await AskAsync(relay.Port, $"GET /none HTTP/1.1\r\nHost: nobody-here.localhost:{relay.Port}\r\n\r\n");

        var line = await relay.Process.Output.WaitForAsync(text => text.Contains("/mcp/a", StringComparison.Ordinal), Cancellation);
        var failed = await relay.Process.Output.WaitForAsync(text => text.Contains("/none", StringComparison.Ordinal), Cancellation);
        using var json = JsonDocument.Parse(line);
        var record = json.RootElement;
        Assert.Equal(connector.Url.Host.Split('.')[0], record.GetProperty("name").GetString());
        Assert.Equal("/mcp/a%2Fb", record.GetProperty("path").GetString());
        Assert.Equal("127.0.0.1", record.GetProperty("address").GetString());
        Assert.Equal((201, 5), (record.GetProperty("status").GetInt32(), record.GetProperty("bytes").GetInt32()));
        Assert.Equal(Trace, record.GetProperty("trace_id").GetString());
        Assert.Equal(JsonValueKind.Null, record.GetProperty("code").ValueKind);
        Assert.Contains("\"code\":\"E2001\"", failed, StringComparison.Ordinal);
        Assert.DoesNotContain(
            [.. relay.Process.Output.Lines, .. relay.Process.Error.Lines],
            text => text.Contains("hunter2", StringComparison.Ordinal)
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task File_IsOpenedAnewOnHangUp()
    {
        var log = Path.Combine(_folder.Path, "access.log");
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--access-log", "text", "--access-log-file", log);
        // Lines are written after the answer.
        while (new FileInfo(log).Length == 0)
        {
            await AskAsync(relay.Port, $"GET /healthz HTTP/1.1\r\nHost: localhost:{relay.Port}\r\n\r\n");
        }

        File.Move(log, log + ".1");

        relay.Process.HangUp();
        while (!File.Exists(log))
        {
            await AskAsync(relay.Port, $"GET /healthz HTTP/1.1\r\nHost: localhost:{relay.Port}\r\n\r\n");
        }

        relay.Process.Terminate();
        Assert.Equal(0, await relay.Process.WaitForExitAsync(Cancellation));
        Assert.All(
            [log, log + ".1"],
            file =>
                Assert.Contains(
                    "name=- address=127.0.0.1 method=GET path=/healthz status=200",
                    File.ReadAllText(file),
                    StringComparison.Ordinal
                )
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task FileThatCannotBe_IsSaidAtTheStart()
    {
        var outcome = await Outcome.OfAsync(
            ChildProcess.Start(
                Programs.Relay,
                [
                    "--listen",
                    "http://127.0.0.1:0",
                    "--data",
                    _folder.Path,
                    "--access-log",
                    "json",
                    "--access-log-file",
                    "/nowhere/at/all.log",
                ]
            )
        );

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("/nowhere/at/all.log", outcome.Error[0], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LogsThatNobodyReads_DoNotStopTheRelay()
    {
        // Both logs have a queue of 16,384 lines; a pipe holds 64 KiB, and a line has more than 100 bytes.
        const int Callers = 4;
        const int Requests = 5000;
        var admin = FreePort.Next();
        await using var relay = await DeafRelay.StartAsync(
            Cancellation,
            ["--access-log", "text", "--request-rate-per-address", "0", "--admin", $"{admin}"]
        );

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => AskForNobodyAsync(relay.Port, Requests)));

        var (_, metrics) = await new AdminPort(admin).GetAsync("/metrics");
        var dropped = metrics.Split('\n').Single(line => line.StartsWith("mcpr_relay_access_log_dropped_total ", StringComparison.Ordinal));
        Assert.NotEqual("0", dropped.Split(' ')[1], StringComparer.Ordinal);
        Assert.Equal(0, await relay.StopAsync(Cancellation));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task AskAsync(int port, string request)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", port, Cancellation);
        await caller.SendAsync(request, Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);
        await response.ReadBodyAsync(Cancellation);
    }

    private static async Task AskForNobodyAsync(int port, int requests)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", port, Cancellation);
        for (var count = 0; count < requests; count++)
        {
            await caller.SendAsync($"GET /{count} HTTP/1.1\r\nHost: nobody-here.localhost:{port}\r\n\r\n", Cancellation);
            var response = await caller.ReadResponseAsync(Cancellation);
            await response.ReadBodyAsync(Cancellation);
            Assert.Equal("E2001", response.Header("mcpr-error"));
        }
    }
}
