using System.Buffers;
using System.IO.Pipelines;

namespace Tunnel.ProxyCore.Streams;

/// <summary>
/// Lines of a byte stream, whole and as bytes. A line longer than the limit is passed over and counted: nobody could be given half of it.
/// What stands behind the last end of line is a line too.
/// </summary>
internal sealed class LineReader(Stream stream, int maxLength)
{
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 32 * 1024));
    private long _searched;
    private bool _isTooLong;
    private bool _isOver;

    /// <summary>Lines that were too long to be read.</summary>
    public long TooLong { get; private set; }

    /// <returns>The next line without its end, or null at the end of the stream.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (!_isOver)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            // What was searched before has no end of line: a long line comes in many pieces.
            if (buffer.Slice(_searched).PositionOf((byte)'\n') is { } end)
            {
                _searched = 0;
                var line = buffer.Slice(0, end);
                if (Take(line) is { } taken)
                {
                    _reader.AdvanceTo(buffer.GetPosition(1, end));
                    return taken;
                }

                _reader.AdvanceTo(buffer.GetPosition(1, end));
            }
            else if (read.IsCompleted)
            {
                var last = buffer.IsEmpty ? null : Take(buffer);
                _reader.AdvanceTo(buffer.End);
                await _reader.CompleteAsync();
                _isOver = true;
                return last;
            }
            else if (buffer.Length > maxLength)
            {
                _isTooLong = true;
                _searched = 0;
                _reader.AdvanceTo(buffer.End);
            }
            else
            {
                _searched = buffer.Length;
                _reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }

        return null;
    }

    private ReadOnlyMemory<byte>? Take(ReadOnlySequence<byte> line)
    {
        if (_isTooLong || line.Length > maxLength)
        {
            _isTooLong = false;
            TooLong++;
            return null;
        }

        return line.ToArray();
    }
}
