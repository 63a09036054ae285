using System.Net.WebSockets;
using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>What a dev server gets to see, and what comes of its answers.</summary>
public sealed class DevServerTests
{
    private const string Claude = "https://0123456789abcdef0123456789abcdef.claudemcpcontent.com";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Request_LooksLocal()
    {
        await using var dev = Answering("HTTP/1.1 204 No Content\r\n\r\n");
        await using var bed = await StartAsync(dev);

        await AskAsync(bed, $"GET /@fs/a%2Fb.js?t=1 HTTP/1.1\r\nHost: {bed.Host}\r\nOrigin: http://{bed.Host}\r\n\r\n");
        await AskAsync(bed, $"GET /b.js HTTP/1.1\r\nHost: {bed.Host}\r\nOrigin: {Claude}\r\n\r\n");
        await AskAsync(bed, $"POST /api HTTP/1.1\r\nHost: {bed.Host}\r\nOrigin: {Claude}\r\nContent-Length: 0\r\n\r\n");
        var (own, sandbox, action) = (dev.Requests[0], dev.Requests[1], dev.Requests[2]);

        Assert.Equal("/@fs/a%2Fb.js?t=1", own.Target);
        Assert.All(dev.Requests, request => Assert.Equal(dev.BaseAddress.Authority, request.Header("Host")));
        Assert.Equal(dev.BaseAddress.GetLeftPart(UriPartial.Authority), own.Header("Origin"));
        Assert.Equal(dev.BaseAddress.GetLeftPart(UriPartial.Authority), sandbox.Header("Origin"));
        Assert.Equal(Claude, action.Header("Origin"));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("", "*", null)]
    [InlineData("Access-Control-Allow-Origin: {dev}\r\nAccess-Control-Allow-Credentials: true\r\n", "*", null)]
    [InlineData(
        "Access-Control-Allow-Origin: https://a.example\r\nAccess-Control-Allow-Credentials: true\r\n",
        "https://a.example",
        "true"
    )]
    public async Task CrossOrigin_IsAllowedUnlessTheServerSaysOtherwise(string headers, string allowed, string? credentials)
    {
        await using var dev = RawHttpOrigin.Start(
            (request, connection) =>
                connection.SendAsync(
                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
                        + headers.Replace("{dev}", "http://" + request.Header("Host"), StringComparison.Ordinal)
                        + "\r\n"
                )
        );
        await using var bed = await StartAsync(dev);

        var response = await AskAsync(bed, $"GET /a.js HTTP/1.1\r\nHost: {bed.Host}\r\nOrigin: {Claude}\r\n\r\n");

        Assert.Equal([allowed], response.Headers("Access-Control-Allow-Origin"));
        Assert.Equal(credentials, response.Header("Access-Control-Allow-Credentials"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Page_LeadsToThePublicOrigin()
    {
        await using var dev = WithPage();
        await using var bed = await StartAsync(dev);

        var page = await AskAsync(bed, $"GET /todo HTTP/1.1\r\nHost: {bed.Host}\r\n\r\n");

        Assert.Equal($"<img src=\"http://{bed.Host}/logo.svg\">", page.Body);
        Assert.Equal("W/\"1\"", page.Header("ETag"));
        Assert.Null(page.Header("Accept-Ranges"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Page_IsAnEventWithoutItsQuery()
    {
        await using var dev = WithPage();
        await using var proxy = await LocalProxy.StartAsync(
            ["--mcp", "9", "--port", "0", "--events", "--widgets", dev.BaseAddress.AbsoluteUri],
            Cancellation
        );
        using var http = new HttpClient();

        var page = await http.GetStringAsync(new Uri(proxy.Url, "/todo?secret=1"), Cancellation);
        var line = await proxy.Process.Output.WaitForAsync(_ => true, Cancellation);
        using var served = JsonDocument.Parse(line);

        // Nobody outside could follow a URL of this machine, so it stays.
        Assert.Equal($"<img src=\"{dev.BaseAddress}logo.svg\">", page);
        Assert.Equal("widget_serve", served.RootElement.GetProperty("type").GetString());
        Assert.Equal("/todo", served.RootElement.GetProperty("path").GetString());
        Assert.Equal(dev.BaseAddress.GetLeftPart(UriPartial.Authority), served.RootElement.GetProperty("upstream").GetString());
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task HotReload_ConnectsThroughTunnelAndLocalPort()
    {
        await using var dev = await WebSocketEchoOrigin.StartAsync(Cancellation);
        await using var mcp = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await TunnelBed.StartAsync(mcp.BaseAddress, Cancellation, "--widgets", $"{dev.Port}", "--port", "0");
        var said = await bed.Connector.Process.Error.WaitForAsync(
            line => line.Contains("listening on ", StringComparison.Ordinal),
            Cancellation
        );
        var local = new Uri(said.Split("listening on ")[1]);
        using var throughTunnel = TunnelBed.NewInvoker(bed.Relay.Port);
        using var direct = new HttpMessageInvoker(new SocketsHttpHandler());

        using var tunnelled = await ConnectAsync(bed.Host, $"http://{bed.Host}", throughTunnel);
        using var near = await ConnectAsync(local.Authority, $"http://{local.Authority}", direct);
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(local.Authority, Claude, direct));

        Assert.Equal("vite-hmr", tunnelled.SubProtocol);
        Assert.Equal("vite-hmr", near.SubProtocol);
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, dev.Handshakes.Count);
        Assert.All(dev.Handshakes, handshake => Assert.Equal("/?token=x", handshake.Target));
        Assert.All(dev.Handshakes, handshake => Assert.Equal($"http://localhost:{dev.Port}", handshake.Headers["Origin"]));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerThatIsDown_IsTold()
    {
        var dev = Answering("HTTP/1.1 204 No Content\r\n\r\n");
        await using var bed = await StartAsync(dev);
        await dev.DisposeAsync();

        var response = await AskAsync(bed, $"GET / HTTP/1.1\r\nHost: {bed.Host}\r\nAccept: text/html\r\n\r\n");

        Assert.Equal((502, "E6101"), (response.StatusCode, response.Header("mcpr-error")));
        Assert.Equal("text/html; charset=utf-8", response.Header("Content-Type"));
        Assert.Contains("--widgets", response.Body, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Widgets_NeedNoKeyAndTheServerDoes()
    {
        await using var dev = Answering("HTTP/1.1 204 No Content\r\n\r\n");
        using var folder = new TemporaryFolder();
        var keys = Path.Combine(folder.Path, "keys");
        await File.WriteAllTextAsync(keys, "a-key-of-sixteen-characters\n", Cancellation);
        await using var bed = await StartAsync(dev, "--api-key-file", keys);

        Assert.Equal(204, (await AskAsync(bed, $"GET /a.js HTTP/1.1\r\nHost: {bed.Host}\r\n\r\n")).StatusCode);
        Assert.Equal(401, (await AskAsync(bed, $"GET /mcp HTTP/1.1\r\nHost: {bed.Host}\r\n\r\n")).StatusCode);
        Assert.Equal(401, (await AskAsync(bed, $"POST /a.js HTTP/1.1\r\nHost: {bed.Host}\r\nContent-Length: 0\r\n\r\n")).StatusCode);
    }

    private static RawHttpOrigin WithPage() =>
        RawHttpOrigin.Start(
            (request, connection) =>
            {
                var page = $"<img src=\"http://{request.Header("Host")}/logo.svg\">";
                return connection.SendAsync(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: \"1\"\r\nAccept-Ranges: bytes\r\n"
                        + FormattableString.Invariant($"Content-Length: {page.Length}\r\n\r\n{page}")
                );
            }
        );

    private static RawHttpOrigin Answering(string answer) => RawHttpOrigin.Start((_, connection) => connection.SendAsync(answer));

    private static Task<TunnelBed> StartAsync(RawHttpOrigin dev, params string[] more) =>
        // Nothing here asks the MCP server: port 9 discards.
        TunnelBed.StartAsync(new Uri("http://127.0.0.1:9"), Cancellation, ["--widgets", dev.BaseAddress.AbsoluteUri, .. more]);

    private static async Task<Answer> AskAsync(TunnelBed bed, string request)
    {
        await using var caller = await bed.ConnectRawAsync(Cancellation);
        return await Answer.AskAsync(caller, request, Cancellation);
    }

    private static async Task<ClientWebSocket> ConnectAsync(string host, string from, HttpMessageInvoker invoker)
    {
        var webSocket = new ClientWebSocket();
        webSocket.Options.AddSubProtocol("vite-hmr");
        webSocket.Options.SetRequestHeader("Origin", from);
        await webSocket.ConnectAsync(new Uri($"ws://{host}/?token=x"), invoker, Cancellation);
        return webSocket;
    }
}
