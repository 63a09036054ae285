namespace Tunnel.ProxyCore.Html;

/// <summary>Why the scanner of CSS stops; its position is the place.</summary>
internal enum CssEvent : byte
{
    /// <summary>The piece is used up.</summary>
    None,

    /// <summary>The text of a URL begins.</summary>
    UrlStart,

    /// <summary>Behind its last byte.</summary>
    UrlEnd,

    /// <summary>It was none: <c>url(a b)</c>.</summary>
    NoUrl,
}
