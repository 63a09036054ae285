using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Http;

/// <summary>What no client should send: it gets a clear answer, or through to the server as it is, and nothing else suffers.</summary>
public sealed class BadInputTests
{
    private const int Deep = 200_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nX-Bad\u0001Name: 1\r\n\r\n", "E1001")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nX-Bad(): 1\r\n\r\n", "E1001")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "E1001")]
    [InlineData("POST /token HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "E1001")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: {host}\r\n\r\n", "E1001")]
    [InlineData("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n", "E1001")]
    [InlineData("GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", "E1004")]
    [InlineData("GET http://evil.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n", null)]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: +5\r\n\r\nhello", null)]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", null)]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nX-Bad: a\0b\r\n\r\n", null)]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nX-Bad : 1\r\n\r\n", null)]
    [InlineData("GET /\u00e9 HTTP/1.1\r\nHost: {host}\r\n\r\n", null)]
    public async Task UnsoundRequest_IsRefusedByTheLocalPortToo(string request, string? code)
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        await using var proxy = await LocalProxy.StartAsync(["--mcp", origin.BaseAddress.AbsoluteUri, "--port", "0"], Cancellation);
        await using var caller = await RawHttpClient.ConnectAsync(proxy.Url, Cancellation);

        await caller.SendAsync(request.Replace("{host}", proxy.Url.Authority, StringComparison.Ordinal), Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);

        Assert.True(response.StatusCode is >= 400 and <= 499, $"{response.StatusLine} for {request}");
        Assert.Equal(code, response.Header("mcpr-error"));
        Assert.Equal(204, await StatusOfSoundCallAsync(proxy.Url));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task JsonThatIsNone_GoesThroughAsItIsWhileAStreamIsHeld()
    {
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                if (request.Target == "/held")
                {
                    await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
                    await connection.Closed;
                    return;
                }

                await request.ReadBodyAsync();
                await connection.SendAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nno!");
            }
        );
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var held = await bed.ConnectRawAsync(Cancellation);
        await held.SendAsync($"GET /held HTTP/1.1\r\nHost: {bed.Host}\r\n\r\n", Cancellation);
        var stream = await held.ReadResponseAsync(Cancellation);
        await origin.NextRequestAsync(Cancellation);

        foreach (var body in Bodies())
        {
            await using var caller = await bed.ConnectRawAsync(Cancellation);
            await caller.SendAsync(
                $"POST /mcp HTTP/1.1\r\nHost: {bed.Host}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}",
                Cancellation
            );
            var response = await caller.ReadResponseAsync(Cancellation, "POST");
            var received = await origin.NextRequestAsync(Cancellation);

            Assert.Equal((400, null), (response.StatusCode, response.Header("mcpr-error")));
            Assert.Equal(body, Calls.Text(received.BodyWireBytes.ToArray()));
        }

        Assert.Equal(200, stream.StatusCode);
        Assert.False(held.Closed.IsCompleted);
        Assert.DoesNotContain(bed.Connector.Process.Error.Lines, line => line.Contains("unhandled", StringComparison.Ordinal));
    }

    private static string[] Bodies() =>
        [
            """{"jsonrpc":"2.0","id":7,""",
            "\0 not JSON",
            "[" + new string('[', Deep),
            $$"""{"jsonrpc":"2.0","id":7,"method":"a","params":{{new string('[', Deep)}}{{new string(']', Deep)}}}""",
            """{"jsonrpc":"2.0","id":"\ud800","method":"tools/call","params":{"name":"\ud800"}}""",
            """{"jsonrpc":"2.0","id":7,"method":"tools/call\r\nX: 1","params":{"name":"a\r\nEvil: 1\u001b[31m"}}""",
        ];

    private static async Task<int> StatusOfSoundCallAsync(Uri url)
    {
        await using var caller = await RawHttpClient.ConnectAsync(url, Cancellation);
        await caller.SendAsync($"GET / HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n", Cancellation);
        return (await caller.ReadResponseAsync(Cancellation)).StatusCode;
    }
}
