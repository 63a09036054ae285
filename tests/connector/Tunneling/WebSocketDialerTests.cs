using System.Net;
using System.Net.Sockets;
using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Transport;
using Tunnel.Tests;
using Tunnel.Tests.Origins;
using Xunit;

namespace Tunnel.Connector.Tests.Tunneling;

/// <summary>Also what <see cref="HandshakeRefusal"/> makes of the answers.</summary>
public sealed class WebSocketDialerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("401 Unauthorized", "E7101", true)]
    [InlineData("401 Unauthorized", "E7102", true)]
    [InlineData("426 Upgrade Required", "E7401", true)]
    [InlineData("503 Service Unavailable", "E7501", false)]
    public async Task RefusalOfARelay_IsTheErrorOfItsCode(string status, string code, bool isFatal)
    {
        await using var origin = Answering($"HTTP/1.1 {status}\r\nmcpr-error: {code}\r\nContent-Length: 0\r\n\r\n");

        var refused = await Assert.ThrowsAsync<TunnelRefusedException>(() => DialAsync(origin.Port));

        var known = ErrorCatalog.All.Single(error => error.Code == code);
        Assert.Equal(new TunnelRefusal(code, known.Title, known.Hint, isFatal), refused.Refusal);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("426 Upgrade Required", true)]
    [InlineData("500 Internal Server Error", false)]
    public async Task RefusalWithACodeOfTheFuture_IsToldAsItIs(string status, bool isFatal)
    {
        await using var origin = Answering($"HTTP/1.1 {status}\r\nmcpr-error: E7999\r\nContent-Length: 0\r\n\r\n");

        var refused = await Assert.ThrowsAsync<TunnelRefusedException>(() => DialAsync(origin.Port));

        Assert.Equal(
            ("E7999", $"relay answered {status[..3]}", isFatal),
            (refused.Refusal.Code, refused.Refusal.Message, refused.Refusal.Fatal)
        );
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: wrong\r\n\r\n")]
    public async Task AnswerOfAnythingElse_IsNoRelay(string answer)
    {
        await using var origin = Answering(answer);

        var unreachable = await Assert.ThrowsAsync<RelayUnreachableException>(() => DialAsync(origin.Port));

        Assert.StartsWith($"cannot reach ws://127.0.0.1:{origin.Port}: ", unreachable.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PortThatNobodyListensOn_IsNoRelay()
    {
        // Bound and not listening: refuses, and nobody else can get the port meanwhile.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        await Assert.ThrowsAsync<RelayUnreachableException>(() => DialAsync(((IPEndPoint)socket.LocalEndPoint!).Port));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DialThatIsCancelled_IsNoFailureOfTheRelay()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.Closed);
        var dialling = DialAsync(origin.Port, leaving.Token);
        await origin.NextRequestAsync(Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dialling);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Handshake_ShowsCredentialAndSubprotocol()
    {
        await using var origin = Answering("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");

        await Assert.ThrowsAsync<RelayUnreachableException>(() => DialAsync(origin.Port));

        var request = origin.Requests[0];
        Assert.Equal("GET /_mcpr/data HTTP/1.1", request.RequestLine);
        Assert.Equal("Bearer the-ticket", request.Header("Authorization"));
        Assert.Equal("mcpr.h2.v1", request.Header("Sec-WebSocket-Protocol"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WebSocket_BecomesAConnection()
    {
        await using var origin = await WebSocketEchoOrigin.StartAsync(Token);

        await using var connection = await WebSocketDialer.DialAsync(
            new UriBuilder(origin.BaseAddress) { Scheme = "ws" }.Uri,
            "the-ticket",
            subprotocol: null,
            RelayTrust.Machine,
            Token
        );
        await connection.Transport.Output.WriteAsync("echo"u8.ToArray(), Token);
        var echo = await connection.Transport.Input.ReadAtLeastAsync(4, Token);

        Assert.Equal(4, echo.Buffer.Length);
    }

    private static RawHttpOrigin Answering(string answer) => RawHttpOrigin.Start((_, connection) => connection.SendAsync(answer));

    private static Task<WebSocketConnection> DialAsync(int port, CancellationToken? cancellationToken = null) =>
        WebSocketDialer
            .DialAsync(
                new Uri($"ws://127.0.0.1:{port}{TunnelProtocol.DataPath}"),
                "the-ticket",
                TunnelProtocol.DataSubprotocol,
                RelayTrust.Machine,
                cancellationToken ?? Token
            )
            .AsTask();
}
