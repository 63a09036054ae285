using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Proxy;

/// <summary>Who may call, and from which pages, on the local port and through the tunnel.</summary>
public sealed class AccessTests
{
    private const string Page = "https://app.example.com";
    private const string Key = "key-0123456789abcdef";
    private const string Preflight = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: mcp-param-city";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PageBehindTheTunnel_CanCallAndReadErrorsToo()
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        using var folder = new TemporaryFolder();
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation, "--api-key-file", await KeyFileAsync(folder));

        var preflight = await CallAsync(bed, "OPTIONS", $"Origin: {Page}\r\n{Preflight}");
        var refused = await CallAsync(bed, "POST", $"Origin: {Page}");
        var answered = await CallAsync(bed, "POST", $"Origin: {Page}\r\nX-API-Key: {Key}");

        Assert.Equal((204, "*"), (preflight.StatusCode, preflight.Header("Access-Control-Allow-Origin")));
        Assert.EndsWith(", mcp-param-city", preflight.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Equal((401, "*"), (refused.StatusCode, refused.Header("Access-Control-Allow-Origin")));
        Assert.Contains("WWW-Authenticate", refused.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Equal((204, "*"), (answered.StatusCode, answered.Header("Access-Control-Allow-Origin")));
        Assert.Single(origin.Requests);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServersOwnCors_IsNeitherChangedNorDoubled()
    {
        await using var origin = RawHttpOrigin.Start(
            (_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: https://other.example\r\n\r\n")
        );
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);

        var answered = await CallAsync(bed, "POST", $"Origin: {Page}");
        var options = await CallAsync(bed, "OPTIONS", "X-Other: 1");

        Assert.Equal(["https://other.example"], answered.Headers("Access-Control-Allow-Origin"));
        Assert.Empty(answered.Headers("Access-Control-Expose-Headers"));
        Assert.Equal(["https://other.example"], options.Headers("Access-Control-Allow-Origin"));
        Assert.Equal(2, origin.Requests.Count);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("*", 403)]
    [InlineData("https://*.example.com", 204)]
    public async Task LocalPort_TakesPagesOfOriginsThatAreNamed(string allowed, int status)
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        await using var proxy = await LocalProxy.StartAsync(
            ["--mcp", origin.BaseAddress.AbsoluteUri, "--port", "0", "--cors-origin", allowed],
            Cancellation
        );

        var preflight = await CallAsync(proxy.Url, "OPTIONS", $"Origin: {Page}\r\n{Preflight}");
        var called = await CallAsync(proxy.Url, "POST", $"Origin: {Page}");
        var foreign = await CallAsync(proxy.Url, "POST", "Origin: https://evil.example");

        Assert.Equal((status, status, 403), (preflight.StatusCode, called.StatusCode, foreign.StatusCode));
        Assert.Equal(status == 204 ? Page : null, called.Header("Access-Control-Allow-Origin"));
        Assert.Equal(status == 204 ? "true" : null, called.Header("Access-Control-Allow-Credentials"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SwitchedOff_ThePreflightIsTheServers()
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation, "--cors=false");

        var preflight = await CallAsync(bed, "OPTIONS", $"Origin: {Page}\r\n{Preflight}");

        Assert.Empty(preflight.Headers("Access-Control-Allow-Origin"));
        Assert.Single(origin.Requests);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Ping_NeedsNeitherAKeyNorTheServer()
    {
        using var folder = new TemporaryFolder();
        var nowhere = new Uri("http://127.0.0.1:9/mcp");
        await using var bed = await TunnelBed.StartAsync(nowhere, Cancellation, "--api-key-file", await KeyFileAsync(folder));

        var pong = await CallAsync(bed, "GET", "X-Other: 1", "/ping");

        Assert.Equal((200, "pong"), (pong.StatusCode, Calls.Text(pong.BodyWireBytes.ToArray())));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Addresses_AreJudgedByTheRelaysWordAndListsReload()
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "mcpr.toml");
        await File.WriteAllTextAsync(file, "allow_ip = [\"192.0.2.0/24\"]\n", Cancellation);
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation, "--port", "0", "--config", file);
        var said = await bed.Connector.Process.Error.WaitForAsync(
            line => line.Contains("listening on ", StringComparison.Ordinal),
            Cancellation
        );
        var local = new Uri(said.Split("listening on ")[1]);

        var visitor = await CallAsync(bed, "POST", "X-Forwarded-For: 192.0.2.7");
        var neighbour = await CallAsync(local, "POST", "X-Forwarded-For: 192.0.2.7");
        await File.WriteAllTextAsync(file, "allow_ip = [\"127.0.0.0/8\"]\n", Cancellation);
        await bed.Connector.Process.Error.WaitForAsync(line => line.Contains("changed allow_ip", StringComparison.Ordinal), Cancellation);

        Assert.Equal((403, "E7202"), (visitor.StatusCode, visitor.Header("mcpr-error")));
        Assert.Equal((403, "E7202"), (neighbour.StatusCode, neighbour.Header("mcpr-error")));
        Assert.Equal(204, (await CallAsync(bed, "POST", "X-Forwarded-For: 192.0.2.7")).StatusCode);
        Assert.Equal(204, (await CallAsync(local, "POST", "X-Forwarded-For: 192.0.2.7")).StatusCode);
        Assert.Equal(2, origin.Requests.Count);
    }

    private static async Task<string> KeyFileAsync(TemporaryFolder folder)
    {
        var file = Path.Combine(folder.Path, "keys");
        await File.WriteAllTextAsync(file, Key, Cancellation);
        return file;
    }

    private static async Task<RawResponse> CallAsync(TunnelBed bed, string method, string headers, string path = "/mcp")
    {
        await using var caller = await bed.ConnectRawAsync(Cancellation);
        return await CallAsync(caller, bed.Host, method, headers, path);
    }

    private static async Task<RawResponse> CallAsync(Uri url, string method, string headers)
    {
        await using var caller = await RawHttpClient.ConnectAsync(url, Cancellation);
        return await CallAsync(caller, url.Authority, method, headers, "/mcp");
    }

    private static async Task<RawResponse> CallAsync(RawHttpClient caller, string host, string method, string headers, string path)
    {
        await caller.SendAsync($"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\nContent-Length: 0\r\n\r\n", Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, method);
        await response.ReadBodyAsync(Cancellation);
        return response;
    }
}
