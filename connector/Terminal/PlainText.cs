using System.Globalization;
using System.Text;

namespace Tunnel.Connector.Terminal;

/// <summary>Text from the wire, made safe to print: it cannot move the cursor, start a line, reorder its neighbours or run on for screens.</summary>
internal static class PlainText
{
    private const char Replacement = '?';

    /// <param name="text">Anything.</param>
    /// <param name="maxLength">Characters to keep; the rest becomes an ellipsis.</param>
    public static string Of(string text, int maxLength)
    {
        var isLong = text.Length > maxLength;
        if (!isLong && !text.Any(IsUnsafe))
        {
            return text;
        }

        var plain = new StringBuilder(maxLength + 1);
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, maxLength)))
        {
            plain.Append(IsUnsafe(character) ? Replacement : character);
        }

        return isLong ? plain.Append('…').ToString() : plain.ToString();
    }

    private static bool IsUnsafe(char character) =>
        char.GetUnicodeCategory(character)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
