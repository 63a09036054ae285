using System.Buffers;
using System.Text;

namespace Tunnel.ProxyCore.Html;

/// <summary>
/// The word at the end of what has come in, as far as it can be one of those looked for: <c>url</c> before <c>(</c>. It may be split over
/// several pieces.
/// </summary>
internal sealed class CssWord
{
    /// <summary>One more than the longest word looked for, <c>-webkit-image-set</c>: what is longer is none of them.</summary>
    private const int Capacity = 18;

    private static readonly SearchValues<byte> s_bytes = SearchValues.Create([
        .. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"u8,
        // A hash makes a name of what follows, so #url( is no function.
        (byte)'#',
        .. Enumerable.Range(0x80, 0x80).Select(value => (byte)value),
    ]);

    private readonly byte[] _bytes = new byte[Capacity];
    private int _length;

    public static bool Has(byte value) => s_bytes.Contains(value);

    public bool Is(ReadOnlySpan<byte> lowerCase) => Ascii.EqualsIgnoreCase(_bytes.AsSpan(0, _length), lowerCase);

    public void Clear() => _length = 0;

    /// <summary>Something is in the word that cannot be compared: it is none of those looked for.</summary>
    public void Spoil() => _length = Capacity;

    public void Append(ReadOnlySpan<byte> text)
    {
        // What is far enough back cannot matter.
        var tail = text.Length > Capacity ? text[^Capacity..] : text;
        var other = tail.LastIndexOfAnyExcept(s_bytes);
        if (other >= 0 || tail.Length < text.Length)
        {
            Clear();
        }

        var word = tail[(other + 1)..];
        if (word.Length > Capacity - _length)
        {
            Spoil();
            return;
        }

        word.CopyTo(_bytes.AsSpan(_length));
        _length += word.Length;
    }
}
