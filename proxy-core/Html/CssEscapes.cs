using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tunnel.ProxyCore.Html;

/// <summary>Escapes in strings and URLs of CSS (CSS Syntax 4.3.7): <c>\28</c>, <c>\(</c>.</summary>
internal static class CssEscapes
{
    private const int MaxDigits = 6;

    /// <summary>What does not stand in every kind of string and URL as it is; <c>&lt;</c> so that nothing can end a style element.</summary>
    private static readonly SearchValues<byte> s_special = SearchValues.Create([
        .. "\"'()\\<"u8,
        .. Enumerable.Range(0, 0x21).Select(value => (byte)value),
        0x7F,
    ]);

    public static void Decode(ReadOnlySpan<byte> written, DecodedText decoded)
    {
        decoded.Clear();
        var position = 0;
        while (written[position..].IndexOf((byte)'\\') is var distance and >= 0 && position + distance + 1 < written.Length)
        {
            decoded.Append(written.Slice(position, distance));
            position += distance + 1;
            var digits = DigitsAt(written[position..]);
            if (digits > 0)
            {
                var number = int.Parse(written.Slice(position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                position += digits;
                position +=
                    LineBreakAt(written[position..]) is var lineBreak and > 0 ? lineBreak
                    : position < written.Length && HtmlSpace.Is(written[position]) ? 1
                    : 0;
                decoded.Append(number > 0 && Rune.IsValid(number) ? new Rune(number) : Rune.ReplacementChar, position);
            }
            else if (LineBreakAt(written[position..]) is var lineBreak and > 0)
            {
                position += lineBreak;
                decoded.Append(null, position);
            }
            else
            {
                Rune.DecodeFromUtf8(written[position..], out var character, out var length);
                position += length;
                decoded.Append(character, position);
            }
        }

        decoded.Append(written[position..]);
    }

    public static byte[] Encode(byte[] text)
    {
        if (!text.AsSpan().ContainsAny(s_special))
        {
            return text;
        }

        var encoded = new ArrayBufferWriter<byte>(text.Length * 2);
        foreach (var value in text)
        {
            if (s_special.Contains(value))
            {
                encoded.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\{value:x} ")));
            }
            else
            {
                encoded.Write([value]);
            }
        }

        return encoded.WrittenSpan.ToArray();
    }

    private static int DigitsAt(ReadOnlySpan<byte> written)
    {
        var count = 0;
        while (count < Math.Min(written.Length, MaxDigits) && char.IsAsciiHexDigit((char)written[count]))
        {
            count++;
        }

        return count;
    }

    private static int LineBreakAt(ReadOnlySpan<byte> written) =>
        written switch
        {
            [(byte)'\r', (byte)'\n', ..] => 2,
            [(byte)'\r' or (byte)'\n' or (byte)'\f', ..] => 1,
            _ => 0,
        };
}
