using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Edge;

/// <summary>Whose word on a visitor's address and scheme the relay takes. The MCP server gets to see which.</summary>
public sealed class TrustedProxyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    // Nobody is trusted: the connection counts.
    [InlineData(null, "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n", "127.0.0.1", "http")]
    // Somebody else is.
    [InlineData("10.0.0.0/8", "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n", "127.0.0.1", "http")]
    [InlineData("127.0.0.1", "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n", "192.0.2.7", "https")]
    [InlineData("127.0.0.0/8", "X-Forwarded-For: 2001:db8::7\r\n", "2001:db8::7", "http")]
    // What the visitor made up is further left than what the outermost proxy saw.
    [InlineData(
        "127.0.0.1,10.0.0.0/8",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.1.2.3\r\nX-Forwarded-Proto: https\r\n",
        "192.0.2.7",
        "https"
    )]
    [InlineData("127.0.0.1", "X-Forwarded-For: nonsense\r\nX-Forwarded-Proto: javascript\r\n", "127.0.0.1", "http")]
    [InlineData("127.0.0.1", "X-Original-For: 6.6.6.6\r\nX-Original-Proto: https\r\n", "127.0.0.1", "http")]
    public async Task Visitor_IsWhoATrustedProxySays(string? trusted, string headers, string expectedAddress, string expectedScheme)
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        await using var relay = await RelayProcess.StartAsync(Cancellation, trusted is null ? [] : ["--trusted-proxies", trusted]);
        await using var connector = await ConnectorProcess.StartAsync(relay, origin.BaseAddress.AbsoluteUri, Cancellation);
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);

        await caller.SendAsync($"GET /x HTTP/1.1\r\nHost: {connector.Url.Authority}\r\n{headers}\r\n", Cancellation);
        _ = await caller.ReadResponseAsync(Cancellation);

        var request = origin.Requests[^1];
        Assert.Equal([expectedAddress], request.Headers("X-Forwarded-For"));
        Assert.Equal([expectedScheme], request.Headers("X-Forwarded-Proto"));
        Assert.Empty(request.Headers("X-Original-For"));
        Assert.Empty(request.Headers("X-Original-Proto"));
    }
}
