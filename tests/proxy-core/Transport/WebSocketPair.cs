using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Tunnel.ProxyCore.Tests.Transport;

/// <summary>Two WebSockets that talk to each other over loopback, with buffers so small that a peer that does not read is soon felt.</summary>
internal sealed class WebSocketPair : IDisposable
{
    private const int SocketBuffer = 16 * 1024;

    private WebSocketPair(WebSocket client, WebSocket server)
    {
        Client = client;
        Server = server;
    }

    public WebSocket Client { get; }

    public WebSocket Server { get; }

    public static async Task<WebSocketPair> ConnectAsync(CancellationToken cancellationToken)
    {
        using var listener = Small();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var client = Small();
        var accepting = listener.AcceptAsync(cancellationToken);
        await client.ConnectAsync(listener.LocalEndPoint!, cancellationToken);
        return new WebSocketPair(Wrap(client, isServer: false), Wrap(await accepting, isServer: true));
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private static Socket Small() =>
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            SendBufferSize = SocketBuffer,
            ReceiveBufferSize = SocketBuffer,
        };

    private static WebSocket Wrap(Socket socket, bool isServer) =>
        WebSocket.CreateFromStream(
            new NetworkStream(socket, ownsSocket: true),
            new WebSocketCreationOptions { IsServer = isServer, KeepAliveInterval = Timeout.InfiniteTimeSpan }
        );
}
