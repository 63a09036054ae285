namespace Tunnel.ProxyCore.Html;

/// <summary>Where the scanner of CSS stands.</summary>
internal enum CssState : byte
{
    Text,
    TextEscape,
    Slash,
    Comment,
    CommentStar,
    AtWord,
    UrlOpen,
    Url,
    UrlEscape,
    UrlSpace,
    BadUrl,
    BadUrlEscape,
    String,
    StringEscape,

    /// <summary>Up to six digits, and one space that belongs to them.</summary>
    HexEscape,

    /// <summary>The second half of a line break may follow.</summary>
    LineFeed,
}
