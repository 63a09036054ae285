using System.Buffers;
using System.Text;

namespace Tunnel.ProxyCore.Html;

/// <summary>
/// What becomes of the bytes from <see cref="Start"/> to <see cref="End"/> of a text. It is as short as possible at its end, so that the
/// path and the query of a URL that only changes its origin keep every byte and every reference.
/// </summary>
internal readonly record struct UrlChange(int Start, int End, byte[] Replacement)
{
    private static readonly SearchValues<byte> s_lineBreaksAndTabs = SearchValues.Create("\t\n\r"u8);
    private static readonly SearchValues<byte> s_endOfScheme = SearchValues.Create(":/?#\\"u8);

    /// <summary>Asks about the one URL that <paramref name="text"/> is (WHATWG URL 4.4: controls and spaces around it do not count).</summary>
    public static UrlChange? Find(ReadOnlySpan<byte> text, IUrlMap map)
    {
        var start = 0;
        while (start < text.Length && text[start] <= (byte)' ')
        {
            start++;
        }

        var end = text.Length;
        while (end > start && text[end - 1] <= (byte)' ')
        {
            end--;
        }

        var url = text[start..end];
        return url is [] or [(byte)'#', ..] ? null
            : url.ContainsAny(s_lineBreaksAndTabs) ? Of(url, Ask(Joined(url), map), start)
            : Of(url, Ask(url, map), start);
    }

    private static byte[]? Ask(ReadOnlySpan<byte> url, IUrlMap map) =>
        url is not [] and not [(byte)'#', ..] && CanMatter(url) ? map.Map(url) : null;

    private static UrlChange? Of(ReadOnlySpan<byte> url, ReadOnlySpan<byte> changed, int start)
    {
        if (changed.IsEmpty)
        {
            return null;
        }

        var (end, changedEnd) = (url.Length, changed.Length);
        while (end > 0 && (s_lineBreaksAndTabs.Contains(url[end - 1]) || (changedEnd > 0 && url[end - 1] == changed[changedEnd - 1])))
        {
            changedEnd -= s_lineBreaksAndTabs.Contains(url[end - 1]) ? 0 : 1;
            end--;
        }

        if (end == 0 && changedEnd == 0)
        {
            return null;
        }

        // A character may come from one reference, which stays or goes as a whole.
        while (end < url.Length && (url[end] & 0xC0) == 0x80)
        {
            end++;
            changedEnd++;
        }

        return new UrlChange(start, start + end, changed[..changedEnd].ToArray());
    }

    private static bool CanMatter(ReadOnlySpan<byte> url)
    {
        if (!char.IsAsciiLetter((char)url[0]) || url.IndexOfAny(s_endOfScheme) is var end && (end < 0 || url[end] != (byte)':'))
        {
            return true;
        }

        var scheme = url[..end];
        return Ascii.EqualsIgnoreCase(scheme, "https"u8)
            || Ascii.EqualsIgnoreCase(scheme, "http"u8)
            || Ascii.EqualsIgnoreCase(scheme, "wss"u8)
            || Ascii.EqualsIgnoreCase(scheme, "ws"u8);
    }

    /// <summary>WHATWG URL 4.4: tabs and line breaks inside a URL do not count either, so <c>java\nscript:</c> is a scheme.</summary>
    private static byte[] Joined(ReadOnlySpan<byte> url)
    {
        var joined = new ArrayBufferWriter<byte>(url.Length);
        foreach (var part in url.SplitAny(s_lineBreaksAndTabs))
        {
            joined.Write(url[part]);
        }

        return joined.WrittenSpan.ToArray();
    }
}
