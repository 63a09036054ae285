using System.Globalization;
using System.Text;

namespace Tunnel.ProxyCore.Configuration.Toml;

/// <summary>The four kinds of strings: <c>"basic"</c>, <c>'literal'</c>, and both with three quotes over several lines.</summary>
internal static class TomlStrings
{
    private const string ThreeBasic = "\"\"\"";
    private const string ThreeLiteral = "'''";

    /// <summary>Reads a string at the cursor, which is at its quote.</summary>
    public static string ReadValue(TomlCursor cursor) =>
        cursor.TryTake(ThreeBasic) ? ReadLines(cursor, ThreeBasic, hasEscapes: true)
        : cursor.TryTake(ThreeLiteral) ? ReadLines(cursor, ThreeLiteral, hasEscapes: false)
        : ReadOneLine(cursor);

    /// <summary>Reads a string that cannot have more than one line, as keys are.</summary>
    public static string ReadOneLine(TomlCursor cursor)
    {
        var quote = cursor.Take();
        var text = new StringBuilder();
        while (cursor.Next != quote)
        {
            if (cursor.IsAtLineEnd)
            {
                throw cursor.Fail($"a string needs its closing {quote} on the same line");
            }

            AppendCharacter(cursor, text, hasEscapes: quote == '"');
        }

        cursor.Take();
        return text.ToString();
    }

    private static string ReadLines(TomlCursor cursor, string quotes, bool hasEscapes)
    {
        var text = new StringBuilder();
        if (!cursor.IsAtEnd && cursor.IsAtLineEnd)
        {
            cursor.TakeLineEnd();
        }

        while (!cursor.TryTake(quotes))
        {
            if (cursor.IsAtEnd)
            {
                throw cursor.Fail($"a string lacks its closing {quotes}");
            }

            if (cursor.IsAtLineEnd)
            {
                text.Append(cursor.TakeLineEnd());
            }
            else if (!hasEscapes || !TrySkipFoldedLines(cursor))
            {
                AppendCharacter(cursor, text, hasEscapes);
            }
        }

        // Up to two quotes can stand before the closing ones: """"quoted""""" ends in two quotes of its own.
        for (var i = 0; i < 2 && cursor.Next == quotes[0]; i++)
        {
            text.Append(cursor.Take());
        }

        return text.ToString();
    }

    /// <summary>A backslash at the end of a line takes away all blank up to the next character.</summary>
    private static bool TrySkipFoldedLines(TomlCursor cursor)
    {
        var offset = 1;
        while (cursor.PeekAt(offset) is ' ' or '\t')
        {
            offset++;
        }

        var isFold =
            cursor.Next == '\\' && (cursor.PeekAt(offset) == '\n' || (cursor.PeekAt(offset) == '\r' && cursor.PeekAt(offset + 1) == '\n'));
        if (!isFold)
        {
            return false;
        }

        cursor.Take();
        while (true)
        {
            cursor.SkipSpaces();
            if (cursor.IsAtEnd || !cursor.IsAtLineEnd)
            {
                return true;
            }

            cursor.TakeLineEnd();
        }
    }

    private static void AppendCharacter(TomlCursor cursor, StringBuilder text, bool hasEscapes)
    {
        if (TomlCursor.IsControl(cursor.Next))
        {
            throw cursor.Fail($"a string cannot have {cursor.Found()} as it is");
        }

        var character = cursor.Take();
        if (character == '\\' && hasEscapes)
        {
            text.Append(ReadEscape(cursor));
        }
        else
        {
            text.Append(character);
        }
    }

    private static string ReadEscape(TomlCursor cursor)
    {
        var escape = cursor.Take();
        return escape switch
        {
            'b' => "\b",
            't' => "\t",
            'n' => "\n",
            'f' => "\f",
            'r' => "\r",
            '"' => "\"",
            '\\' => "\\",
            'u' => ReadCodePoint(cursor, digits: 4),
            'U' => ReadCodePoint(cursor, digits: 8),
            _ => throw cursor.Fail($"\\{escape} is no escape; a path can stand in single quotes"),
        };
    }

    private static string ReadCodePoint(TomlCursor cursor, int digits)
    {
        var text = new StringBuilder(digits);
        while (text.Length < digits && char.IsAsciiHexDigit(cursor.Next))
        {
            text.Append(cursor.Take());
        }

        return
            text.Length == digits
            && uint.TryParse(text.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && Rune.IsValid(value)
            ? new Rune(value).ToString()
            : throw cursor.Fail($"an escape with {digits} hexadecimal digits of a character is not complete or not valid");
    }
}
