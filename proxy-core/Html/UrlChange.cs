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

        var same = 0;
        while (same < Math.Min(url.Length, changed.Length) && url[^(same + 1)] == changed[^(same + 1)])
        {
            same++;
        }

        // A character may come from one reference, which stays or goes as a whole.
        while (same > 0 && (url[^same] & 0xC0) == 0x80)
        {
            same--;
        }

        return same == url.Length && same == changed.Length
            ? null
            : new UrlChange(start, start + url.Length - same, changed[..^same].ToArray());
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
