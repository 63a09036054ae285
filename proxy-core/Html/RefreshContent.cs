namespace Tunnel.ProxyCore.Html;

/// <summary>The URL in the <c>content</c> of a refresh (WHATWG HTML 4.2.5.3): <c>0; url='next.html'</c>, <c>5,next.html</c>.</summary>
internal static class RefreshContent
{
    /// <returns>The place of the URL; empty where there is none.</returns>
    public static Range Find(ReadOnlySpan<byte> text)
    {
        var position = SkipSpace(text, 0);
        var digits = position;
        while (position < text.Length && (char.IsAsciiDigit((char)text[position]) || text[position] == (byte)'.'))
        {
            position++;
        }

        if (position == digits || position == text.Length || !(text[position] is (byte)';' or (byte)',' || HtmlSpace.Is(text[position])))
        {
            return default;
        }

        position = SkipSpace(text, position);
        if (position < text.Length && text[position] is (byte)';' or (byte)',')
        {
            position = SkipSpace(text, position + 1);
        }

        return UrlAt(text, position);
    }

    private static Range UrlAt(ReadOnlySpan<byte> text, int position)
    {
        var afterName = position;
        foreach (var letter in "url"u8)
        {
            if (afterName == text.Length || (text[afterName] | 0x20) != letter)
            {
                // A URL may follow without its name; it may begin with u or ur as well, but then it cannot be quoted.
                return afterName == position ? Unquoted(text, position) : position..text.Length;
            }

            afterName++;
        }

        afterName = SkipSpace(text, afterName);
        return afterName < text.Length && text[afterName] == (byte)'='
            ? Unquoted(text, SkipSpace(text, afterName + 1))
            : position..text.Length;
    }

    private static Range Unquoted(ReadOnlySpan<byte> text, int position)
    {
        if (position == text.Length || text[position] is not ((byte)'"' or (byte)'\''))
        {
            return position..text.Length;
        }

        var length = text[(position + 1)..].IndexOf(text[position]);
        return (position + 1)..(length < 0 ? text.Length : position + 1 + length);
    }

    private static int SkipSpace(ReadOnlySpan<byte> text, int position)
    {
        while (position < text.Length && HtmlSpace.Is(text[position]))
        {
            position++;
        }

        return position;
    }
}
