namespace Tunnel.ProxyCore.Html;

/// <summary>The elements that bear URLs, or whose content is read in a way of its own.</summary>
internal enum HtmlElement : byte
{
    Other,

    A,
    Area,
    Audio,
    Base,
    BlockQuote,
    Body,
    Button,
    Del,
    Embed,
    Form,
    Frame,
    Html,
    Image,
    Img,
    Input,
    Ins,
    Link,
    Meta,
    Object,
    Q,
    Source,
    Table,
    TableSection,
    Cell,
    Template,
    Track,
    Video,

    IFrame,
    NoEmbed,
    NoFrames,
    NoScript,
    PlainText,
    Script,
    Style,
    TextArea,
    Title,
    Xmp,

    Svg,
    ForeignObject,
    Desc,
    Math,
    MathText,
    MathTextPart,
    AnnotationXml,

    /// <summary><c>font</c> with <c>color</c>, <c>face</c> or <c>size</c> ends SVG and MathML; without, it does not.</summary>
    Font,

    /// <summary><c>p</c> and <c>br</c> end SVG and MathML with their end tags as well.</summary>
    Paragraph,

    /// <summary>Any other element that ends SVG and MathML by its start tag.</summary>
    Breakout,
}

internal static class HtmlElements
{
    private static readonly NameTable<HtmlElement> s_names = new([
        ("a", HtmlElement.A),
        ("area", HtmlElement.Area),
        ("audio", HtmlElement.Audio),
        ("base", HtmlElement.Base),
        ("blockquote", HtmlElement.BlockQuote),
        ("body", HtmlElement.Body),
        ("button", HtmlElement.Button),
        ("del", HtmlElement.Del),
        ("embed", HtmlElement.Embed),
        ("form", HtmlElement.Form),
        ("frame", HtmlElement.Frame),
        ("html", HtmlElement.Html),
        ("image", HtmlElement.Image),
        ("img", HtmlElement.Img),
        ("input", HtmlElement.Input),
        ("ins", HtmlElement.Ins),
        ("link", HtmlElement.Link),
        ("meta", HtmlElement.Meta),
        ("object", HtmlElement.Object),
        ("q", HtmlElement.Q),
        ("source", HtmlElement.Source),
        ("table", HtmlElement.Table),
        ("thead", HtmlElement.TableSection),
        ("tbody", HtmlElement.TableSection),
        ("tfoot", HtmlElement.TableSection),
        ("tr", HtmlElement.TableSection),
        ("td", HtmlElement.Cell),
        ("th", HtmlElement.Cell),
        ("template", HtmlElement.Template),
        ("track", HtmlElement.Track),
        ("video", HtmlElement.Video),
        ("iframe", HtmlElement.IFrame),
        ("noembed", HtmlElement.NoEmbed),
        ("noframes", HtmlElement.NoFrames),
        ("noscript", HtmlElement.NoScript),
        ("plaintext", HtmlElement.PlainText),
        ("script", HtmlElement.Script),
        ("style", HtmlElement.Style),
        ("textarea", HtmlElement.TextArea),
        ("title", HtmlElement.Title),
        ("xmp", HtmlElement.Xmp),
        ("svg", HtmlElement.Svg),
        ("foreignobject", HtmlElement.ForeignObject),
        ("desc", HtmlElement.Desc),
        ("math", HtmlElement.Math),
        ("mi", HtmlElement.MathText),
        ("mo", HtmlElement.MathText),
        ("mn", HtmlElement.MathText),
        ("ms", HtmlElement.MathText),
        ("mtext", HtmlElement.MathText),
        ("mglyph", HtmlElement.MathTextPart),
        ("malignmark", HtmlElement.MathTextPart),
        ("annotation-xml", HtmlElement.AnnotationXml),
        ("font", HtmlElement.Font),
        ("p", HtmlElement.Paragraph),
        ("br", HtmlElement.Paragraph),
        .. "b big center code dd div dl dt em h1 h2 h3 h4 h5 h6 head hr i li listing menu nobr ol pre ruby s small span strong strike sub sup tt u ul var"
            .Split(' ')
            .Select(name => (name, HtmlElement.Breakout)),
    ]);

    public static HtmlElement Find(in PackedName name) => s_names.Find(name);

    /// <summary>A start tag that cannot be in SVG or MathML and ends them (WHATWG HTML 13.2.6.5).</summary>
    public static bool EndsForeignContent(this HtmlElement element) =>
        element
            is HtmlElement.Breakout
                or HtmlElement.Paragraph
                or HtmlElement.BlockQuote
                or HtmlElement.Body
                or HtmlElement.Embed
                or HtmlElement.Img
                or HtmlElement.Meta
                or HtmlElement.Table;
}
