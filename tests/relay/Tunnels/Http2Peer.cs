using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Tunnel.Relay.Tests.Tunnels;

/// <summary>A connector that speaks HTTP/2 frame by frame (RFC 9113 section 4.1), for what no real server can be made to do at will.</summary>
internal sealed class Http2Peer : IDisposable
{
    private const int PrefaceLength = 24;
    private const int HeaderLength = 9;
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte Ack = 1;
    private const byte EndStream = 1;
    private const byte EndStreamAndHeaders = 5;
    private const int RefusedStream = 7;

    // HPACK (RFC 7541 appendix A): entry 8 of the static table is ":status: 200".
    private const byte Status200 = 0x88;

    private readonly WebSocket _near;
    private readonly Stream _far;

    private Http2Peer(WebSocket near, Stream far)
    {
        _near = near;
        _far = far;
    }

    /// <summary>The relay's end.</summary>
    public WebSocket WebSocket => _near;

    public static async Task<Http2Peer> ConnectAsync(CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var near = new TcpClient();
        await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        var far = await listener.AcceptTcpClientAsync(cancellationToken);
        var options = new WebSocketCreationOptions { IsServer = true };
        var peer = WebSocket.CreateFromStream(far.GetStream(), new WebSocketCreationOptions { IsServer = false });
        return new Http2Peer(
            WebSocket.CreateFromStream(near.GetStream(), options),
            WebSocketStream.Create(peer, WebSocketMessageType.Binary, closeTimeout: TimeSpan.Zero)
        );
    }

    /// <summary>Takes requests until the connection ends, and does with each, when it is complete, what the test says.</summary>
    public async Task ServeAsync(Func<int, Task> onRequest)
    {
        try
        {
            await _far.ReadExactlyAsync(new byte[PrefaceLength]);
            await SendAsync(Settings, flags: 0, stream: 0);
            var header = new byte[HeaderLength];
            while (true)
            {
                await _far.ReadExactlyAsync(header);
                var length = (header[0] << 16) | (header[1] << 8) | header[2];
                await _far.ReadExactlyAsync(new byte[length]);
                if (header[3] == Settings && header[4] != Ack)
                {
                    await SendAsync(Settings, Ack, stream: 0);
                }
                else if (header[3] is Headers or Data && (header[4] & EndStream) != 0)
                {
                    await onRequest(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)));
                }
            }
        }
        catch (Exception ended) when (ended is IOException or WebSocketException or ObjectDisposedException)
        {
            // The relay is done with it.
        }
    }

    public Task AnswerAsync(int stream) => SendAsync(Headers, EndStreamAndHeaders, stream, Status200);

    /// <summary>Says that nobody began to work on the request (RFC 9113 section 8.7).</summary>
    public Task RefuseAsync(int stream) => SendAsync(Reset, flags: 0, stream, 0, 0, 0, RefusedStream);

    /// <summary>Says that no request was worked on, and that none will be.</summary>
    public Task GoAwayAsync() => SendAsync(GoAway, flags: 0, stream: 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public void Dispose()
    {
        _far.Dispose();
        _near.Dispose();
    }

    private async Task SendAsync(byte type, byte flags, int stream, params byte[] payload)
    {
        var frame = new byte[HeaderLength + payload.Length];
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, HeaderLength);
        await _far.WriteAsync(frame);
    }
}
