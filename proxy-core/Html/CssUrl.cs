namespace Tunnel.ProxyCore.Html;

/// <summary>One URL of CSS: the text of <c>url(…)</c> or of a string.</summary>
internal static class CssUrl
{
    /// <param name="written">As it stands there, with its escapes.</param>
    /// <param name="map">Decides.</param>
    /// <param name="decoded">Memory to work in.</param>
    public static UrlChange? Find(ReadOnlySpan<byte> written, IUrlMap map, DecodedText decoded)
    {
        if (!written.Contains((byte)'\\'))
        {
            return UrlChange.Find(written, map) is { } plain ? plain with { Replacement = CssEscapes.Encode(plain.Replacement) } : null;
        }

        CssEscapes.Decode(written, decoded);
        return UrlChange.Find(decoded.Bytes, map) is { } change
            ? new UrlChange(decoded.WrittenAt(change.Start), decoded.WrittenAt(change.End), CssEscapes.Encode(change.Replacement))
            : null;
    }
}
