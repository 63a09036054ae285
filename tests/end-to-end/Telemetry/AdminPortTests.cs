using System.Net;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Telemetry;

/// <summary>The port for operators: <c>--admin</c>.</summary>
public sealed class AdminPortTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Metrics_TellOfCallsOnTheOtherPortAndOnlyThere()
    {
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                await request.ReadBodyAsync();
                await connection.SendAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            }
        );
        await using var proxy = await LocalProxy.StartAsync(
            ["proxy", "--mcp", origin.BaseAddress.GetLeftPart(UriPartial.Authority), "--port", "0", "--admin", "0"],
            Cancellation
        );
        var admin = (await AdminPort.OfAsync(proxy.Process)).Number;

        await AskAsync(proxy.Url.Port, Calls.Post(proxy.Url, Calls.Echo("1", "x")));
        var elsewhere = await AskAsync(proxy.Url.Port, Get($"127.0.0.1:{proxy.Url.Port}", "/metrics"));
        var metrics = await AskAsync(admin, Get($"127.0.0.1:{admin}", "/metrics"));

        Assert.Equal(404, elsewhere.Status);
        Assert.Equal(["/mcp", "/metrics"], origin.Requests.Select(request => request.Target), StringComparer.Ordinal);
        Assert.Equal(200, metrics.Status);
        Assert.Contains(
            "mcp_server_operation_duration_seconds_count{error_type=\"404\",gen_ai_operation_name=\"execute_tool\",gen_ai_tool_name=\"echo\",mcp_method_name=\"tools/call\",",
            metrics.Text,
            StringComparison.Ordinal
        );
        Assert.Contains("mcpr_terminal_lines_dropped_total 0\n", metrics.Text, StringComparison.Ordinal);
        // Two calls on the other port, and none of those here.
        Assert.Contains("http_server_request_duration_seconds_count{http_request_method=\"POST\"", metrics.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("http_response_status_code=\"200\"", metrics.Text, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1", 200)]
    [InlineData("HEAD /healthz HTTP/1.1\r\nHost: localhost", 200)]
    [InlineData("GET /readyz HTTP/1.1\r\nHost: [::1]:99", 200)]
    [InlineData("GET /readyz HTTP/1.1\r\nHost: attacker.example", 403)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: localhost\r\nOrigin: https://attacker.example", 403)]
    [InlineData("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0", 405)]
    [InlineData("GET /mcp HTTP/1.1\r\nHost: localhost", 404)]
    public async Task Calls_AreJudgedByHostOriginAndPath(string head, int expected)
    {
        await using var proxy = await LocalProxy.StartAsync(["proxy", "--mcp", "9", "--port", "0", "--admin", "0"], Cancellation);
        var admin = (await AdminPort.OfAsync(proxy.Process)).Number;

        var answer = await AskAsync(admin, head + "\r\n\r\n", head.Split(' ')[0]);

        Assert.Equal(expected, answer.Status);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Readiness_FollowsTheTunnel()
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var connector = await ConnectorProcess.StartAsync(
            relay,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation,
            extraArguments: ["--admin", "0"]
        );
        var admin = (await AdminPort.OfAsync(connector.Process)).Number;
        var up = await AskAsync(admin, Get($"127.0.0.1:{admin}", "/readyz"));

        await relay.Process.KillAsync();
        await connector.Process.Error.WaitForAsync(line => line.Contains("trying again", StringComparison.Ordinal), Cancellation);
        var lost = await AskAsync(admin, Get($"127.0.0.1:{admin}", "/readyz"));
        var metrics = await AskAsync(admin, Get($"127.0.0.1:{admin}", "/metrics"));

        Assert.Equal((200, 503), (up.Status, lost.Status));
        Assert.Contains("mcpr_tunnel_up 0\n", metrics.Text, StringComparison.Ordinal);
        Assert.Contains("mcpr_tunnel_losses_total 1\n", metrics.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PortThatIsTaken_IsNamed()
    {
        await using var other = await LocalProxy.StartAsync(["proxy", "--mcp", "9", "--port", "0"], Cancellation);
        using var folder = new TemporaryFolder();
        await using var proxy = LocalProxy.Launch(["proxy", "--mcp", "9", "--port", "0", "--admin", $"{other.Url.Port}"], folder.Path);

        Assert.Equal(9, await proxy.WaitForExitAsync(Cancellation));
        Assert.Contains($"mcpr: error: 127.0.0.1:{other.Url.Port} is in use", proxy.Error.Lines, StringComparer.Ordinal);
    }

    private static string Get(string host, string path) => $"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n";

    private static async Task<(int Status, string Text)> AskAsync(int port, string request, string method = "GET")
    {
        await using var caller = await RawHttpClient.ConnectAsync(IPAddress.Loopback.ToString(), port, Cancellation);
        await caller.SendAsync(request, Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, method);
        return (response.StatusCode, Calls.Text(await response.ReadBodyAsync(Cancellation)));
    }
}
