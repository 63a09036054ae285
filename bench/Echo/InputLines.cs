namespace Tunnel.Bench.Echo;

/// <summary>Lines of a stream, as many as have come with a read.</summary>
internal sealed class InputLines(Stream input)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Waits for more input; false at its end.</summary>
    public bool Read()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
        {
            // Bounded by the longest message that a workload sends.
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = input.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        return count > 0;
    }

    public bool TryTake(out ReadOnlyMemory<byte> line)
    {
        var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        line = length < 0 ? default : _buffer.AsMemory(_start, length);
        _start += length + 1;
        return length >= 0;
    }
}
