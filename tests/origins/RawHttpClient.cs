using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tunnel.Tests.Origins;

/// <summary>A caller that sends HTTP/1.1 byte by byte over one connection and shows what came back.</summary>
public sealed class RawHttpClient : IAsyncDisposable
{
    private readonly WireConnection _wire;
    private readonly List<WireHead> _interim = [];

    private RawHttpClient(WireConnection wire) => _wire = wire;

    /// <summary>Completes when the peer closed or reset the connection, or when this side aborted it.</summary>
    public Task<ConnectionEnd> Closed => _wire.Closed;

    public static Task<RawHttpClient> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        return ConnectAsync(address.IdnHost, address.Port, cancellationToken);
    }

    public static async Task<RawHttpClient> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(host, port), cancellationToken);
            return new RawHttpClient(new WireConnection(socket));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends exactly these bytes.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _wire.SendAsync(bytes, cancellationToken);

    /// <summary>Sends exactly this text, in Latin-1.</summary>
    public Task SendAsync(string latin1, CancellationToken cancellationToken) =>
        _wire.SendAsync(Encoding.Latin1.GetBytes(latin1), cancellationToken);

    /// <summary>
    /// The next 1xx response, for a caller that waits for it before it goes on. The response shows it again.
    /// </summary>
    public async Task<WireHead> ReadInterimAsync(CancellationToken cancellationToken)
    {
        var head = await ReadHeadAsync(cancellationToken);
        if (!IsInterim(head))
        {
            throw new InvalidDataException($"expected an interim response but got \"{head.StartLine}\"");
        }

        _interim.Add(head);
        return head;
    }

    /// <summary>The next final response, as soon as its head has come; 101 is one.</summary>
    public async Task<RawResponse> ReadResponseAsync(CancellationToken cancellationToken, string requestMethod = "GET")
    {
        var head = await ReadHeadAsync(cancellationToken);
        while (IsInterim(head))
        {
            _interim.Add(head);
            head = await ReadHeadAsync(cancellationToken);
        }

        var response = new RawResponse(head, [.. _interim], _wire, requestMethod);
        _interim.Clear();
        return response;
    }

    /// <summary>The bytes that have come, for protocols that take over the connection; none at its end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken) =>
        await _wire.ReceiveAsync(long.MaxValue, cancellationToken);

    /// <summary>Closes this side (FIN) and can still read.</summary>
    public void ShutdownSend() => _wire.ShutdownSend();

    /// <summary>Resets the connection (RST).</summary>
    public void Abort() => _wire.Abort();

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    private static bool IsInterim(WireHead head) => RawResponse.StatusCodeOf(head) is >= 100 and < 200 and not 101;

    private async Task<WireHead> ReadHeadAsync(CancellationToken cancellationToken)
    {
        if (await _wire.ReceiveThroughAsync(WireHead.End, cancellationToken) is { } head)
        {
            return new WireHead(head);
        }

        throw new IOException($"the connection ended ({await _wire.Closed}) before the head of a response was complete");
    }
}
