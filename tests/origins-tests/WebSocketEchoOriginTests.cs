using System.Net.WebSockets;
using Xunit;

namespace Tunnel.Tests.Origins.Tests;

public sealed class WebSocketEchoOriginTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Messages_ComeBackWithTypeBoundariesAndCloseReason()
    {
        await using var origin = await WebSocketEchoOrigin.StartAsync(Token);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("first");
        socket.Options.AddSubProtocol("second");
        socket.Options.SetRequestHeader("X-Probe", "1");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{origin.Port}/a/b?c=d"), Token);

        await socket.SendAsync("te"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: false, Token);
        await socket.SendAsync("xt"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Token);
        var large = TokenContent.Create("bytes", 100_000).Select(letter => (byte)letter).ToArray();
        await socket.SendAsync(large, WebSocketMessageType.Binary, endOfMessage: true, Token);
        var text = await ReceiveMessageAsync(socket);
        var binary = await ReceiveMessageAsync(socket);
        await socket.CloseAsync((WebSocketCloseStatus)4001, "bye", Token);

        Assert.Equal(WebSocketMessageType.Text, text.Type);
        Assert.Equal("text"u8.ToArray(), text.Bytes);
        Assert.Equal(WebSocketMessageType.Binary, binary.Type);
        Assert.Equal(large, binary.Bytes);
        Assert.Equal((4001, "bye"), ((int)socket.CloseStatus!.Value, socket.CloseStatusDescription));
        var handshake = Assert.Single(origin.Handshakes);
        Assert.Equal("first", socket.SubProtocol);
        Assert.Equal(["first", "second"], handshake.Subprotocols);
        Assert.Equal(("/a/b?c=d", "1"), (handshake.Target, handshake.Headers["x-probe"]));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OpenSocket_DoesNotKeepTheOriginFromStopping()
    {
        var origin = await WebSocketEchoOrigin.StartAsync(Token);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{origin.Port}/"), Token);
        await origin.OpenSockets.WhenAsync(count => count == 1, Token);

        await origin.DisposeAsync().AsTask().WaitAsync(Token);

        Assert.Equal(0, origin.OpenSockets.Value);
    }

    private static async Task<(WebSocketMessageType Type, byte[] Bytes)> ReceiveMessageAsync(ClientWebSocket socket)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        WebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer, Token);
            bytes.Write(buffer, 0, received.Count);
        } while (!received.EndOfMessage);

        return (received.MessageType, bytes.ToArray());
    }
}
