using System.Buffers;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>A body as it is read from the server, changed on the way. Whatever a piece of input makes certain is handed on at once.</summary>
internal sealed class RewritingStream(Stream inner, IBodyRewriter rewriter) : Stream
{
    private const int PieceSize = 16 * 1024;

    private readonly byte[] _input = ArrayPool<byte>.Shared.Rent(PieceSize);
    private readonly ArrayBufferWriter<byte> _output = new();
    private int _handedOn;
    private bool _ended;
    private bool _disposed;

    public override bool CanRead => true;
    public override bool CanWrite => false;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

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
