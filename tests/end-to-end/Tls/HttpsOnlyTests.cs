using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>What the plain port of a relay with TLS is good for.</summary>
public sealed class HttpsOnlyTests
{
    private const string Domain = "tunnel.test";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("GET", "otter.tunnel.test", "/a%2Fb?q=1", "otter.tunnel.test")]
    [InlineData("HEAD", "OTTER.tunnel.test", "/", "otter.tunnel.test")]
    [InlineData("GET", "tunnel.test", "/", "tunnel.test")]
    [InlineData("GET", "127.0.0.1", "/x", "tunnel.test")]
    public async Task Reading_IsSentToHttps(string method, string host, string target, string expected)
    {
        await using var relay = await StartAsync();

        var (response, _) = await SendAsync(relay, $"{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", method);

        Assert.Equal(308, response.StatusCode);
        Assert.Equal($"https://{expected}:{relay.Port}{target}", response.Header("Location"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Call_IsRefusedWithItsId()
    {
        await using var relay = await StartAsync();
        var call = Calls.Echo("7", "x");

        var (response, body) = await SendAsync(
            relay,
            $"POST /mcp HTTP/1.1\r\nHost: otter.tunnel.test\r\nContent-Type: application/json\r\nContent-Length: {call.Length}\r\n\r\n{call}"
        );

        Assert.Equal((426, "E1010"), (response.StatusCode, response.Header("mcpr-error")));
        using var error = JsonDocument.Parse(body);
        Assert.Equal(7, error.RootElement.GetProperty("id").GetInt32());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task HostThatIsNotServed_IsSentNowhere()
    {
        await using var relay = await StartAsync();

        var (response, _) = await SendAsync(relay, "GET / HTTP/1.1\r\nHost: bank.example\r\nConnection: close\r\n\r\n");

        Assert.Equal(421, response.StatusCode);
        Assert.Null(response.Header("Location"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Probes_AreAnsweredInPlainText()
    {
        await using var relay = await StartAsync();

        var (response, _) = await SendAsync(relay, "GET /readyz HTTP/1.1\r\nHost: tunnel.test\r\nConnection: close\r\n\r\n");

        Assert.Equal(200, response.StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorThatDialsHttp_IsToldAndStops()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync();
        await using var connector = relay.Launch(origin.BaseAddress, $"http://{Domain}:{relay.PlainPort}");

        Assert.Equal(1, await connector.WaitForExitAsync(Cancellation));
        Assert.Contains(connector.Error.Lines, line => line.Contains("E1010", StringComparison.Ordinal));
    }

    private static Task<TlsRelay> StartAsync() => TlsRelay.StartAsync(Domain, ["--tls", "dev"], Cancellation);

    private static async Task<(RawResponse Response, byte[] Body)> SendAsync(TlsRelay relay, string request, string method = "GET")
    {
        await using var client = await RawHttpClient.ConnectAsync("127.0.0.1", relay.PlainPort, Cancellation);
        await client.SendAsync(request, Cancellation);
        var response = await client.ReadResponseAsync(Cancellation, method);
        return (response, await response.ReadBodyAsync(Cancellation));
    }
}
