using System.Buffers;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>Changes a body while it streams. It may hold bytes back between calls, within a bound; what it has written is final.</summary>
internal interface IBodyRewriter
{
    /// <summary>Takes the next bytes, split anywhere, and writes what is certain by now.</summary>
    void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output);

    /// <summary>Nothing follows: writes what was held back.</summary>
    void Complete(IBufferWriter<byte> output);
}
