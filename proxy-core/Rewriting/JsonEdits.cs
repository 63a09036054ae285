using System.Buffers;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>Changes to a JSON text by byte position: everything that is not named keeps its bytes.</summary>
internal sealed class JsonEdits
{
    private readonly List<(int Start, int Length, ReadOnlyMemory<byte> With)> _edits = [];

    public bool IsEmpty => _edits.Count == 0;

    /// <summary>Puts other bytes in the place of some; with a length of 0 it inserts.</summary>
    public void Replace(int start, int length, ReadOnlyMemory<byte> with) => _edits.Add((start, length, with));

    public void Remove(int start, int length) => Replace(start, length, ReadOnlyMemory<byte>.Empty);

    public void Clear() => _edits.Clear();

    /// <summary>Writes the text with the changes.</summary>
    public void Apply(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        // Stable: insertions at one place stay in the order they were made.
        var done = 0;
        foreach (var (start, length, with) in _edits.OrderBy(edit => edit.Start))
        {
            output.Write(text[done..start]);
            output.Write(with.Span);
            done = start + length;
        }

        output.Write(text[done..]);
    }
}
