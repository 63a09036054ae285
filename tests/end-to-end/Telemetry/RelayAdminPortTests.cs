using System.Net;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Telemetry;

/// <summary>The relay's port for operators: <c>mcpr-relay --admin</c>.</summary>
public sealed class RelayAdminPortTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Metrics_TellOfTunnelsRequestsAndErrorsAndOnlyThere()
    {
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                await request.ReadBodyAsync();
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nmcpr-error: made-up\r\n\r\nok");
            }
        );
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--admin", "0");
        await using var connector = await ConnectorProcess.StartAsync(
            relay,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation
        );
        var admin = await AdminPort.OfAsync(relay.Process);

        var call = await AskAsync(relay, connector.Url.Authority, "/mcp");
        var nobody = await AskAsync(relay, $"nobody-here.localhost:{relay.Port}", "/mcp");
        var elsewhere = await AskAsync(relay, relay.Address.Authority, "/metrics");
        var (status, metrics) = await admin.GetAsync("/metrics");

        Assert.Equal((200, 502, 404, 200), (call, nobody, elsewhere, status));
        Assert.Contains("mcpr_relay_tunnels_open 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("mcpr_relay_requests_total{outcome=\"completed\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("mcpr_relay_errors_total{code=\"E2001\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("mcpr_relay_errors_total{code=\"E1003\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("made-up", metrics, StringComparison.Ordinal);
        Assert.Contains("kestrel_active_connections{", metrics, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1", 200)]
    [InlineData("GET /readyz HTTP/1.1\r\nHost: localhost", 200)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: attacker.example", 403)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: localhost\r\nOrigin: https://attacker.example", 403)]
    [InlineData("GET /connect HTTP/1.1\r\nHost: localhost", 404)]
    public async Task Calls_AreJudgedByHostOriginAndPath(string head, int expected)
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--admin", "127.0.0.1:0");
        var admin = await AdminPort.OfAsync(relay.Process);

        Assert.Equal(expected, (await admin.AskAsync(head + "\r\n\r\n")).Status);
    }

    private static async Task<int> AskAsync(RelayProcess relay, string host, string path)
    {
        await using var caller = await RawHttpClient.ConnectAsync(IPAddress.Loopback.ToString(), relay.Port, Cancellation);
        await caller.SendAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n", Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);
        await response.ReadBodyAsync(Cancellation);
        return response.StatusCode;
    }
}
