using System.Buffers;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>Two changes to one body: the second sees what the first has written.</summary>
internal sealed class RewriterChain(IBodyRewriter first, IBodyRewriter second) : IBodyRewriter
{
    /// <summary>What the first has written of one piece.</summary>
    private readonly ArrayBufferWriter<byte> _between = new();

    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        first.Write(input, _between);
        HandOn(output);
    }

    public void Complete(IBufferWriter<byte> output)
    {
        first.Complete(_between);
        HandOn(output);
        second.Complete(output);
    }

    private void HandOn(IBufferWriter<byte> output)
    {
        second.Write(_between.WrittenSpan, output);
        _between.ResetWrittenCount();
    }
}
