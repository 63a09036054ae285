using System.Buffers;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>A JSON body is one message: it is held until it is whole, or until it is too long to be looked into.</summary>
internal sealed class JsonBodyRewriter(MessageEditor editor, int limit) : IWholeBodyRewriter
{
    private readonly ArrayBufferWriter<byte> _held = new();
    private bool _isTooLong;

    public int Limit => limit;

    public ReadOnlyMemory<byte>? Rewrite(ReadOnlyMemory<byte> body) => editor.Edit(body);

    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (_isTooLong)
        {
            output.Write(input);
            return;
        }

        _held.Write(input);
        if (_held.WrittenCount > limit)
        {
            _isTooLong = true;
            output.Write(_held.WrittenSpan);
            _held.ResetWrittenCount();
        }
    }

    public void Complete(IBufferWriter<byte> output)
    {
        if (!_isTooLong)
        {
            output.Write((editor.Edit(_held.WrittenMemory) ?? _held.WrittenMemory).Span);
        }
    }
}
