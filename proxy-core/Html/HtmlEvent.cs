namespace Tunnel.ProxyCore.Html;

/// <summary>Why a scanner stops; its position is the place.</summary>
internal enum HtmlEvent : byte
{
    /// <summary>The piece is used up.</summary>
    None,

    /// <summary>A value begins that bears URLs.</summary>
    ValueStart,

    /// <summary>Behind its last byte.</summary>
    ValueEnd,

    /// <summary>Behind the <c>&gt;</c> of a tag.</summary>
    TagEnd,

    /// <summary>The text of a style element begins.</summary>
    StyleStart,

    /// <summary>At a <c>&lt;</c> in it, which may begin the end tag.</summary>
    StyleDoubt,

    /// <summary>It did not.</summary>
    StyleGoesOn,

    /// <summary>It did: the name of the end tag is complete, or in SVG some markup begins.</summary>
    StyleEnd,
}
