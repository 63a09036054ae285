namespace Tunnel.Tests.Origins;

/// <summary>Bytes kept for a test to look at, written by one thread while others read.</summary>
internal sealed class ByteRecord
{
    /// <summary>Larger bodies are checked as they stream; keeping them whole would only cost memory.</summary>
    private const int Limit = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly List<byte> _bytes = [];

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _bytes.AddRange(bytes[..Math.Min(Limit - _bytes.Count, bytes.Length)]);
        }
    }

    public byte[] ToArray()
    {
        lock (_lock)
        {
            return [.. _bytes];
        }
    }
}
