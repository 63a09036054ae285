namespace Tunnel.ProxyCore.Html;

/// <summary>The URLs of a <c>srcset</c> (WHATWG HTML 4.8.4.3.10): <c>a.png, b.png 2x, data:image/png,AAA 480w</c>.</summary>
internal static class CandidateList
{
    public static void Find(ReadOnlySpan<byte> text, IUrlMap map, List<UrlChange> changes)
    {
        var position = 0;
        while (true)
        {
            while (position < text.Length && (text[position] == (byte)',' || HtmlSpace.Is(text[position])))
            {
                position++;
            }

            if (position == text.Length)
            {
                return;
            }

            var start = position;
            var length = text[start..].IndexOfAny(HtmlSpace.Bytes);
            position = length < 0 ? text.Length : start + length;

            // A comma inside belongs to the URL. At its end it does not, and says that no descriptors follow.
            var url = text[start..position].TrimEnd((byte)',');
            var hasDescriptors = start + url.Length == position;
            if (UrlChange.Find(url, map) is { } change)
            {
                changes.Add(change with { Start = start + change.Start, End = start + change.End });
            }

            if (hasDescriptors)
            {
                SkipDescriptors(text, ref position);
            }
        }
    }

    private static void SkipDescriptors(ReadOnlySpan<byte> text, ref int position)
    {
        var isInParentheses = false;
        while (position < text.Length && (isInParentheses || text[position] != (byte)','))
        {
            isInParentheses = text[position] switch
            {
                (byte)'(' => true,
                (byte)')' => false,
                _ => isInParentheses,
            };
            position++;
        }
    }
}
