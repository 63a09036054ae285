using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Tunnel.ProxyCore.Html;

/// <summary>A text with its references or escapes resolved, which remembers where everything was as written. It is used again and again.</summary>
internal sealed class DecodedText
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<Mark> _marks = [];

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _marks.Clear();
    }

    public void Append(ReadOnlySpan<byte> asWritten) => _bytes.Write(asWritten);

    /// <param name="character">What a reference or an escape means, or null where it means nothing, as a line continued in CSS.</param>
    /// <param name="writtenEnd">Behind it in the text as written.</param>
    public void Append(Rune? character, int writtenEnd)
    {
        if (character is { } rune)
        {
            _bytes.Advance(rune.EncodeToUtf8(_bytes.GetSpan(4)));
        }

        _marks.Add(new Mark(_bytes.WrittenCount, writtenEnd));
    }

    /// <summary>Where a position of the decoded text is in the text as written.</summary>
    public int WrittenAt(int position)
    {
        var (low, high) = (0, _marks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _marks[middle].DecodedEnd <= position ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? position : _marks[low - 1].WrittenEnd + position - _marks[low - 1].DecodedEnd;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Mark(int DecodedEnd, int WrittenEnd);
}
