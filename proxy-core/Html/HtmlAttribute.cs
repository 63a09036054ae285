namespace Tunnel.ProxyCore.Html;

/// <summary>The attributes that bear URLs, and those that say how something else is to be read.</summary>
internal enum HtmlAttribute : byte
{
    Other,

    Action,
    Background,
    Cite,
    Content,
    Data,
    FormAction,
    Href,
    ImageSrcSet,
    LongDesc,
    Manifest,
    Poster,
    Src,
    SrcSet,
    Style,
    XLinkHref,

    Encoding,
    HttpEquiv,
    Type,

    /// <summary><c>color</c>, <c>face</c> and <c>size</c>, by which <c>font</c> ends SVG and MathML.</summary>
    FontProperty,
}

/// <summary>How URLs stand in a value.</summary>
internal enum UrlForm : byte
{
    None,
    Url,

    /// <summary>A URL that others in the document are relative to.</summary>
    Base,

    /// <summary><c>small.png 1x, large.png 2x</c></summary>
    Candidates,

    /// <summary><c>background: url(a.png)</c></summary>
    Css,

    /// <summary><c>0; url=next.html</c>, if the element turns out to be a <c>meta http-equiv=refresh</c>.</summary>
    Refresh,
}

internal static class HtmlAttributes
{
    private static readonly NameTable<HtmlAttribute> s_names = new(
        ("action", HtmlAttribute.Action),
        ("background", HtmlAttribute.Background),
        ("cite", HtmlAttribute.Cite),
        ("content", HtmlAttribute.Content),
        ("data", HtmlAttribute.Data),
        ("formaction", HtmlAttribute.FormAction),
        ("href", HtmlAttribute.Href),
        ("imagesrcset", HtmlAttribute.ImageSrcSet),
        ("longdesc", HtmlAttribute.LongDesc),
        ("manifest", HtmlAttribute.Manifest),
        ("poster", HtmlAttribute.Poster),
        ("src", HtmlAttribute.Src),
        ("srcset", HtmlAttribute.SrcSet),
        ("style", HtmlAttribute.Style),
        ("xlink:href", HtmlAttribute.XLinkHref),
        ("encoding", HtmlAttribute.Encoding),
        ("http-equiv", HtmlAttribute.HttpEquiv),
        ("type", HtmlAttribute.Type),
        ("color", HtmlAttribute.FontProperty),
        ("face", HtmlAttribute.FontProperty),
        ("size", HtmlAttribute.FontProperty)
    );

    public static HtmlAttribute Find(in PackedName name) => s_names.Find(name);

    /// <summary>
    /// An attribute bears a URL only on the elements that the standard gives it to: <c>action="save"</c> on a custom element is a word.
    /// Elements of SVG bear theirs in <c>href</c>.
    /// </summary>
    public static UrlForm FormOn(this HtmlAttribute attribute, HtmlElement element, bool isForeign) =>
        attribute switch
        {
            HtmlAttribute.Other => UrlForm.None,

            // A meta shows nothing, and the rest of its tag may be held for its content.
            HtmlAttribute.Style when element is HtmlElement.Meta => UrlForm.None,
            HtmlAttribute.Style => UrlForm.Css,
            HtmlAttribute.Href or HtmlAttribute.XLinkHref when isForeign => UrlForm.Url,
            _ when isForeign => UrlForm.None,
            HtmlAttribute.Href when element is HtmlElement.Base => UrlForm.Base,
            HtmlAttribute.Href => Url(element is HtmlElement.A or HtmlElement.Link or HtmlElement.Area),
            HtmlAttribute.Src => Url(
                element
                    is HtmlElement.Img
                        or HtmlElement.Script
                        or HtmlElement.Source
                        or HtmlElement.IFrame
                        or HtmlElement.Video
                        or HtmlElement.Audio
                        or HtmlElement.Track
                        or HtmlElement.Embed
                        or HtmlElement.Input
                        or HtmlElement.Frame
                        or HtmlElement.Image
            ),
            HtmlAttribute.SrcSet when element is HtmlElement.Img or HtmlElement.Image or HtmlElement.Source => UrlForm.Candidates,
            HtmlAttribute.ImageSrcSet when element is HtmlElement.Link => UrlForm.Candidates,
            HtmlAttribute.Content when element is HtmlElement.Meta => UrlForm.Refresh,
            HtmlAttribute.Action => Url(element is HtmlElement.Form),
            HtmlAttribute.FormAction => Url(element is HtmlElement.Button or HtmlElement.Input),
            HtmlAttribute.Poster => Url(element is HtmlElement.Video),
            HtmlAttribute.Data => Url(element is HtmlElement.Object),
            HtmlAttribute.Background => Url(
                element is HtmlElement.Body or HtmlElement.Table or HtmlElement.TableSection or HtmlElement.Cell
            ),
            HtmlAttribute.Manifest => Url(element is HtmlElement.Html),
            HtmlAttribute.Cite => Url(element is HtmlElement.BlockQuote or HtmlElement.Q or HtmlElement.Ins or HtmlElement.Del),
            HtmlAttribute.LongDesc => Url(element is HtmlElement.Img or HtmlElement.Image or HtmlElement.IFrame or HtmlElement.Frame),
            _ => UrlForm.None,
        };

    private static UrlForm Url(bool isOnItsElement) => isOnItsElement ? UrlForm.Url : UrlForm.None;
}
