using System.Buffers;

namespace Tunnel.Relay.Team.Ingest;

/// <summary>Bytes of a stream, in memory that is lent and given back. It gets no more than twice as long as it may.</summary>
internal sealed class GrowingBuffer : IDisposable
{
    private const int FirstBytes = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>What was written, until it is disposed of.</summary>
    public Stream Open() => new MemoryStream(_buffer, 0, _length, writable: false);

    /// <returns>False at the end.</returns>
    /// <exception cref="IngestRefusedException">There is more than may be.</exception>
    public async ValueTask<bool> ReadAsync(Stream from, int most, CancellationToken cancellationToken) =>
        Add(await from.ReadAsync(Free(), cancellationToken), most);

    /// <returns>False at the end.</returns>
    /// <exception cref="IngestRefusedException">There is more than may be.</exception>
    public bool Read(Stream from, int most) => Add(from.Read(Free().Span), most);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private bool Add(int read, int most)
    {
        _length += read;
        return _length <= most ? read > 0 : throw new IngestRefusedException(IngestProblem.TooLarge);
    }

    private Memory<byte> Free()
    {
        if (_length == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_length);
    }
}
