using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Http;

/// <summary>Where requests end up, by what they are and not by their path.</summary>
public sealed class RoutingTests(RawBed bed) : IClassFixture<RawBed>
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("/", "/mcp")]
    [InlineData("/some/path?key=%2Fx", "/mcp?key=%2Fx")]
    [InlineData("/mcp?a=b", "/mcp?a=b")]
    public async Task JsonRpcPost_ReachesTheServersEndpoint(string target, string expected)
    {
        var request = await bed.DeliverAsync(Calls.Post("{host}", target, Call), Cancellation);

        Assert.Equal(expected, request.Target);
        Assert.Equal(Call, Calls.Text(request.Body.ToArray()));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OtherPosts_KeepTheirPath()
    {
        var form = await bed.DeliverAsync(
            "POST /token HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b",
            Cancellation
        );
        var json = await bed.DeliverAsync(Calls.Post("{host}", "/register", """{"client_name":"x"}"""), Cancellation);

        Assert.Equal("/token", form.Target);
        Assert.Equal("/register", json.Target);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EndpointThatAnEventStreamAnnounces_IsPostedToAsItIs()
    {
        bed.Origin = (_, connection) =>
            connection.SendAsync(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "32\r\nevent: endpoint\ndata: /messages?sessionId=7f1e\r\n\r\n\r\n0\r\n\r\n"
            );
        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);
        await caller.SendAsync($"GET /sse HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\n\r\n", Cancellation);
        var stream = await caller.ReadResponseAsync(Cancellation);
        Assert.Contains("/messages", Calls.Text(await stream.ReadBodyAsync(Cancellation)), StringComparison.Ordinal);

        var request = await bed.DeliverAsync(Calls.Post("{host}", "/messages?sessionId=7f1e", Call), Cancellation);

        Assert.Equal("/messages?sessionId=7f1e", request.Target);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MessageLongerThanIsInspected_ArrivesWhole()
    {
        var call = $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","data":"{{{new string('d', 5 << 20)}}}"}}""";

        var request = await bed.DeliverAsync(Calls.Post("{host}", "/", call), Cancellation);

        Assert.Equal("/mcp", request.Target);
        Assert.Equal(call, Calls.Text(request.Body.ToArray()));
    }
}
