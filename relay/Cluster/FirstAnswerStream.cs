using System.Net.Sockets;
using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.Relay.Cluster;

/// <summary>
/// A connection to another relay that may turn out to be none. With TLS 1.3 a client learns only from the first bytes whether its
/// certificate will do, and a server of HTTP/2 sends some before it works on any request (RFC 9113 section 3.4).
/// </summary>
/// <param name="inner">The connection.</param>
/// <param name="refused">Hears that it was closed before anything came.</param>
internal sealed class FirstAnswerStream(Stream inner, Action refused) : Stream
{
    private volatile bool _isAnswered;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isAnswered || buffer.IsEmpty ? inner.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isAnswered ? inner.WriteAsync(buffer, cancellationToken) : WriteFirstAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = 0;
        try
        {
            count = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException closed) when (IsClosed(closed))
        {
            // As if it had ended.
        }
        catch (ObjectDisposedException)
        {
            // The client has let go of it because writing failed first, and tells what reading says.
            throw new NextHopGoneException();
        }

        if (count == 0)
        {
            refused();
            throw new NextHopGoneException();
        }

        _isAnswered = true;
        return count;
    }

    private async ValueTask WriteFirstAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await inner.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException closed) when (!_isAnswered && IsClosed(closed))
        {
            refused();
            throw new NextHopGoneException();
        }
        catch (ObjectDisposedException) when (!_isAnswered)
        {
            throw new NextHopGoneException();
        }
    }

    // What closes a connection without having read all of it resets it.
    private static bool IsClosed(IOException exception) =>
        exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown };
}
