using System.Buffers;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>A body as it is read from the server, changed on the way. Whatever a piece of input makes certain is handed on at once.</summary>
/// <param name="inner">The body of the server.</param>
/// <param name="rewriter">What changes it.</param>
/// <param name="exchange">Hears how long that takes.</param>
/// <param name="time">The clock.</param>
internal sealed class RewritingStream(Stream inner, IBodyRewriter rewriter, ExchangeScope exchange, TimeProvider time) : ReadOnlyStream
{
    private const int PieceSize = 16 * 1024;

    private readonly byte[] _input = ArrayPool<byte>.Shared.Rent(PieceSize);
    private readonly ArrayBufferWriter<byte> _output = new();
    private int _handedOn;
    private bool _ended;
    private bool _disposed;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_handedOn == _output.WrittenCount)
        {
            if (_ended)
            {
                return 0;
            }

            _output.ResetWrittenCount();
            _handedOn = 0;
            var read = await inner.ReadAsync(_input, cancellationToken);
            var began = time.GetTimestamp();
            if (read == 0)
            {
                _ended = true;
                rewriter.Complete(_output);
            }
            else
            {
                rewriter.Write(_input.AsSpan(0, read), _output);
            }

            exchange.RewritingTime += time.GetElapsedTime(began);
        }

        var count = Math.Min(buffer.Length, _output.WrittenCount - _handedOn);
        _output.WrittenSpan.Slice(_handedOn, count).CopyTo(buffer.Span);
        _handedOn += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            ArrayPool<byte>.Shared.Return(_input);
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
