using System.Buffers;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>A body as it is read from the server, changed on the way. Whatever a piece of input makes certain is handed on at once.</summary>
internal sealed class RewritingStream(Stream inner, IBodyRewriter rewriter) : ReadOnlyStream
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
            if (read == 0)
            {
                _ended = true;
                rewriter.Complete(_output);
            }
            else
            {
                rewriter.Write(_input.AsSpan(0, read), _output);
            }
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
