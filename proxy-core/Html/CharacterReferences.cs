using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Tunnel.ProxyCore.Html;

/// <summary>
/// Character references in attribute values (WHATWG HTML 13.2.5.72): <c>?a=1&amp;amp;b=2</c>, <c>&amp;#x2F;</c>. Named ones are resolved where they
/// stand for ASCII, which is all that can tell where a URL points or where it ends; others stay as written.
/// </summary>
internal static class CharacterReferences
{
    /// <summary>Those of ASCII in the standard's table. Names in lower case here are so there, but for the pairs at the end.</summary>
    private static readonly Dictionary<string, char>.AlternateLookup<ReadOnlySpan<char>> s_names = new Dictionary<string, char>(
        StringComparer.Ordinal
    )
    {
        ["Tab"] = '\t',
        ["NewLine"] = '\n',
        ["excl"] = '!',
        ["num"] = '#',
        ["dollar"] = '$',
        ["percnt"] = '%',
        ["apos"] = '\'',
        ["lpar"] = '(',
        ["rpar"] = ')',
        ["ast"] = '*',
        ["midast"] = '*',
        ["plus"] = '+',
        ["comma"] = ',',
        ["period"] = '.',
        ["sol"] = '/',
        ["colon"] = ':',
        ["semi"] = ';',
        ["equals"] = '=',
        ["quest"] = '?',
        ["commat"] = '@',
        ["lsqb"] = '[',
        ["lbrack"] = '[',
        ["bsol"] = '\\',
        ["rsqb"] = ']',
        ["rbrack"] = ']',
        ["Hat"] = '^',
        ["lowbar"] = '_',
        ["UnderBar"] = '_',
        ["grave"] = '`',
        ["DiacriticalGrave"] = '`',
        ["lcub"] = '{',
        ["lbrace"] = '{',
        ["verbar"] = '|',
        ["vert"] = '|',
        ["VerticalLine"] = '|',
        ["rcub"] = '}',
        ["rbrace"] = '}',
        ["amp"] = '&',
        ["AMP"] = '&',
        ["lt"] = '<',
        ["LT"] = '<',
        ["gt"] = '>',
        ["GT"] = '>',
        ["quot"] = '"',
        ["QUOT"] = '"',
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<byte> s_letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>What numbers from 0x80 to 0x9F mean.</summary>
    private const string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    /// <summary>The longest of the names.</summary>
    private const int MaxNameLength = 16;

    /// <summary>Long before this many digits the number is none of a character.</summary>
    private const int MaxDigits = 16;

    public static void Decode(ReadOnlySpan<byte> written, DecodedText decoded)
    {
        decoded.Clear();
        var position = 0;
        while (position < written.Length)
        {
            var rest = written[position..];
            var ampersand = rest.IndexOf((byte)'&');
            var literal = ampersand < 0 ? rest.Length : ampersand;
            decoded.Append(rest[..literal]);
            position += literal;
            if (ampersand < 0)
            {
                return;
            }

            if (TryRead(rest[literal..], out var character, out var length))
            {
                position += length;
                decoded.Append(character, position);
            }
            else
            {
                decoded.Append("&"u8);
                position++;
            }
        }
    }

    /// <summary>Writes text into an attribute value so that it is read back as the same.</summary>
    /// <param name="text">What the value is to say.</param>
    /// <param name="quote">The quote around the value, or zero.</param>
    /// <param name="output">Takes the text.</param>
    public static void Encode(ReadOnlySpan<byte> text, byte quote, IBufferWriter<byte> output)
    {
        foreach (ref readonly var value in text)
        {
            var mustNotStand = quote == 0 ? value <= (byte)' ' || "\"'=<>`"u8.Contains(value) : value == quote;
            if (value == (byte)'&')
            {
                output.Write("&amp;"u8);
            }
            else if (mustNotStand)
            {
                output.Write(Encoding.ASCII.GetBytes($"&#{value};"));
            }
            else
            {
                output.Write(new ReadOnlySpan<byte>(in value));
            }
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> written, out Rune character, out int length) =>
        written is [_, (byte)'#', ..] ? TryReadNumber(written, out character, out length) : TryReadName(written, out character, out length);

    private static bool TryReadName(ReadOnlySpan<byte> written, out Rune character, out int length)
    {
        (character, length) = (default, 0);
        var name = written[1..Math.Min(written.Length, MaxNameLength + 2)];
        var end = name.IndexOfAnyExcept(s_letters);
        name = end < 0 ? name : name[..end];
        if (name.Length > MaxNameLength)
        {
            return false;
        }

        Span<char> characters = stackalloc char[MaxNameLength];
        var count = Encoding.ASCII.GetChars(name, characters);
        var isClosed = written.Length > count + 1 && written[count + 1] == (byte)';';
        if (isClosed && s_names.TryGetValue(characters[..count], out var named))
        {
            (character, length) = (new Rune(named), count + 2);
            return true;
        }

        // Old names need no semicolon, but not in front of a letter, a digit or an equals sign: ?a=1&lt=2 has a parameter named lt.
        if (
            isClosed
            || name.IsEmpty
            || !IsOld(name)
            || (written.Length > count + 1 && (written[count + 1] == (byte)'=' || char.IsAsciiDigit((char)written[count + 1])))
        )
        {
            return false;
        }

        (character, length) = (new Rune(s_names[characters[..count]]), count + 1);
        return true;
    }

    private static bool IsOld(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("amp"u8)
        || name.SequenceEqual("AMP"u8)
        || name.SequenceEqual("lt"u8)
        || name.SequenceEqual("LT"u8)
        || name.SequenceEqual("gt"u8)
        || name.SequenceEqual("GT"u8)
        || name.SequenceEqual("quot"u8)
        || name.SequenceEqual("QUOT"u8);

    private static bool TryReadNumber(ReadOnlySpan<byte> written, out Rune character, out int length)
    {
        (character, length) = (default, 0);
        var isHex = written.Length > 2 && written[2] is (byte)'x' or (byte)'X';
        var start = isHex ? 3 : 2;
        var end = start;
        while (end < written.Length && (isHex ? char.IsAsciiHexDigit((char)written[end]) : char.IsAsciiDigit((char)written[end])))
        {
            end++;
        }

        if (end == start)
        {
            return false;
        }

        length = end < written.Length && written[end] == (byte)';' ? end + 1 : end;
        var digits = written[start..end].TrimStart((byte)'0');
        if (digits.Length > MaxDigits || !Utf8Parser.TryParse(digits.IsEmpty ? "0"u8 : digits, out long number, out _, isHex ? 'x' : 'D'))
        {
            number = 0;
        }

        number = number is >= 0x80 and <= 0x9F ? Windows1252[(int)number - 0x80] : number;
        character = number is > 0 and <= 0x10FFFF && Rune.IsValid((int)number) ? new Rune((int)number) : Rune.ReplacementChar;
        return true;
    }
}
