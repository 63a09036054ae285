using System.Security.Cryptography;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Edge;

/// <summary>What the relay sees to in every answer, whatever the server says.</summary>
public sealed class PublicAnswersTests
{
    private const string Cookies = "Set-Cookie: own=1\r\nSet-Cookie: all=1; Domain=localhost\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Cookies_StayWithTheirServerAndSearchEnginesOut()
    {
        await using var origin = RawHttpOrigin.Start(
            (_, connection) => connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n{Cookies}\r\n")
        );

        AssertOwnCookieOnly(await AskAsync(origin, string.Empty), 200);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CookiesOfAHandshake_AreNoOther()
    {
        await using var origin = RawHttpOrigin.Start(
            (request, connection) =>
                connection.SendAsync(
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + $"Sec-WebSocket-Accept: {AcceptOf(request.Header("Sec-WebSocket-Key")!)}\r\n{Cookies}\r\n"
                )
        );

        var response = await AskAsync(
            origin,
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        );

        AssertOwnCookieOnly(response, 101);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerThatWantsToBeFound_IsHeard()
    {
        await using var origin = RawHttpOrigin.Start(
            (_, connection) => connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Robots-Tag: all\r\n\r\n")
        );

        Assert.Equal(["all"], (await AskAsync(origin, string.Empty)).Headers("X-Robots-Tag"));
    }

    private static async Task<RawResponse> AskAsync(RawHttpOrigin origin, string headers)
    {
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", bed.Relay.Port, Cancellation);
        await caller.SendAsync($"GET /x HTTP/1.1\r\nHost: {bed.Host}\r\n{headers}\r\n", Cancellation);
        return await caller.ReadResponseAsync(Cancellation);
    }

    private static void AssertOwnCookieOnly(RawResponse response, int status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(["own=1"], response.Headers("Set-Cookie"));
        Assert.Equal(["noindex"], response.Headers("X-Robots-Tag"));
    }

    // RFC 6455 section 4.2.2. SHA-1 is what it asks for.
#pragma warning disable CA5350
    private static string AcceptOf(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
