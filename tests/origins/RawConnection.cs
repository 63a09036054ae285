using System.Text;

namespace Tunnel.Tests.Origins;

/// <summary>The origin's end of a connection, for the handler to answer on.</summary>
public sealed class RawConnection
{
    private readonly WireConnection _wire;

    internal RawConnection(WireConnection wire) => _wire = wire;

    /// <summary>
    /// Completes when the peer closed or reset the connection, or when this side aborted it. It is seen while nothing flows, but
    /// not past 64 KiB that nobody has read: an upload that is left unread holds its caller back.
    /// </summary>
    public Task<ConnectionEnd> Closed => _wire.Closed;

    internal bool IsClosing { get; private set; }

    /// <summary>Sends exactly these bytes.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(bytes, cancellationToken);

    /// <summary>Sends exactly this text, in Latin-1.</summary>
    public Task SendAsync(string latin1, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(Encoding.Latin1.GetBytes(latin1), cancellationToken);

    /// <summary>The bytes that come after the request, for protocols that take over the connection; none at its end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken = default) =>
        await _wire.ReceiveAsync(long.MaxValue, cancellationToken);

    /// <summary>Closes this side (FIN). No further request is read from the connection.</summary>
    public void Close()
    {
        IsClosing = true;
        _wire.ShutdownSend();
    }

    /// <summary>Resets the connection (RST).</summary>
    public void Abort()
    {
        IsClosing = true;
        _wire.Abort();
    }
}
