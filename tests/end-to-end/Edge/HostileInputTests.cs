using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Edge;

/// <summary>What must never reach a server, because two parsers could read it in two ways.</summary>
public sealed class HostileInputTests(RawBed bed) : IClassFixture<RawBed>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nContent-Length: +5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nX-Bad\u0001Name: 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nX Bad: 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nX-Bad : 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nX-Bad: a\0b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.localhost\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n")]
    [InlineData("CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: {host}\r\n\r\n")]
    [InlineData("GET http://evil.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n")]
    public async Task AmbiguousRequest_IsRefusedBeforeTheServerSeesIt(string request)
    {
        var reached = false;
        bed.Origin = async (received, connection) =>
        {
            // Bodies stream, so a server may see the head of a request whose body turns out to be broken, but never a whole one.
            await received.ReadBodyAsync();
            reached = await received.BodyEnded == WireEnd.Complete;
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        };
        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);

        await caller.SendAsync(request.Replace("{host}", bed.Tunnel.Host, StringComparison.Ordinal), Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);

        Assert.True(response.StatusCode is >= 400 and <= 499, $"{response.StatusLine} for {request}");
        Assert.False(reached, $"the server got {request}");
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task UnsoundRequest_EndsItsConnection()
    {
        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);

        await caller.SendAsync($"GET / HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\nX-Bad\u0001Name: 1\r\n\r\n", Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);
        await response.ReadBodyAsync(Cancellation);

        Assert.Equal("close", response.Header("Connection"));
        await caller.Closed.WaitAsync(Cancellation);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task HostileInput_LeavesTheTunnelUnharmed()
    {
        foreach (var garbage in (string[])["\0\0\0\0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET", new string('A', 100_000)])
        {
            await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);
            await caller.SendAsync(garbage, Cancellation);
            caller.ShutdownSend();
            await caller.Closed.WaitAsync(Cancellation);
        }

        var request = await bed.DeliverAsync("GET /still-here HTTP/1.1\r\nHost: {host}\r\n\r\n", Cancellation);

        Assert.Equal("/still-here", request.Target);
    }
}
