using System.Buffers;
using System.Net;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>A body that was read whole into memory of the pool, which has it back when the response is disposed. Arrays of megabytes cost a collection each otherwise.</summary>
internal sealed class HeldContent : HttpContent
{
    private readonly int _length;
    private byte[]? _rented;

    private HeldContent(byte[] rented, int length)
    {
        (_rented, _length) = (rented, length);
    }

    /// <summary>The body; valid until this is disposed.</summary>
    public ReadOnlyMemory<byte> Body => new(_rented, 0, _length);

    /// <param name="content">The body as it comes.</param>
    /// <param name="length">Its length, which was announced.</param>
    /// <param name="cancellationToken">Nobody waits for it any more.</param>
    /// <exception cref="HttpRequestException">It broke off.</exception>
    public static async ValueTask<HeldContent> ReadAsync(HttpContent content, int length, CancellationToken cancellationToken)
    {
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            using var into = new MemoryStream(rented, 0, length);
            await content.CopyToAsync(into, cancellationToken);
            return new HeldContent(rented, (int)into.Position);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(rented);
            throw;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override Task<Stream> CreateContentReadStreamAsync() =>
        Task.FromResult<Stream>(new MemoryStream(_rented!, 0, _length, writable: false));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(Body).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }

        base.Dispose(disposing);
    }
}
