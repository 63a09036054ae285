namespace Tunnel.ProxyCore.Html;

/// <summary>
/// Knows whether markup is inside SVG or MathML, where <c>title</c>, <c>style</c> and <c>script</c> hold markup and CDATA sections exist. It
/// follows the elements that lead in and out, not the whole tree: <c>&lt;div&gt;&lt;svg&gt;&lt;/div&gt;</c>, which leaves SVG by an end tag from
/// outside, is taken for SVG that goes on.
/// </summary>
internal sealed class ForeignContent
{
    /// <summary>Elements that lead into and out of SVG and MathML, inside each other. Deeper ones are not followed.</summary>
    private const int MaxDepth = 64;

    private readonly Entry[] _open = new Entry[MaxDepth];
    private int _depth;

    private enum Kind : byte
    {
        Html,
        Svg,
        Math,

        /// <summary>HTML, but two elements of MathML may follow directly.</summary>
        MathText,
    }

    /// <summary>Whether a start tag that comes now makes an element of SVG or MathML, unless it ends them.</summary>
    public bool IsForeign => Top is Kind.Svg or Kind.Math;

    /// <summary>A <c>title</c> of SVG takes HTML, and CDATA sections until the first element is in it.</summary>
    public bool TakesCdata => IsForeign || (_depth > 0 && !_open[_depth - 1].HasElements);

    private Kind Top => _depth == 0 ? Kind.Html : _open[_depth - 1].Kind;

    /// <summary>The name of a start tag is known.</summary>
    /// <returns>Whether its element belongs to SVG or MathML, as far as its name tells.</returns>
    public bool Opens(HtmlElement element)
    {
        if (IsForeign && element.EndsForeignContent())
        {
            Leave();
        }

        return Top switch
        {
            Kind.Svg or Kind.Math => true,
            Kind.MathText when element == HtmlElement.MathTextPart => true,
            _ => element is HtmlElement.Svg or HtmlElement.Math,
        };
    }

    /// <summary>The start tag is complete.</summary>
    /// <param name="element">Its name.</param>
    /// <param name="isForeign">What <see cref="Opens"/> has said.</param>
    /// <param name="tag">What its attributes say.</param>
    public void Start(HtmlElement element, bool isForeign, in TagTraits tag)
    {
        if (IsForeign && element == HtmlElement.Font && tag.HasFontProperty)
        {
            Leave();
            return;
        }

        var isInside = IsForeign;
        if (_depth > 0 && !isInside)
        {
            _open[_depth - 1].HasElements = true;
        }

        if (tag.IsSelfClosing && isForeign)
        {
            return;
        }

        switch (Top, element)
        {
            case (Kind.Svg, HtmlElement.ForeignObject or HtmlElement.Desc or HtmlElement.Title):
                Push(element, Kind.Html);
                break;
            case (Kind.Math, HtmlElement.MathText):
                Push(element, Kind.MathText);
                break;
            case (Kind.Math, HtmlElement.AnnotationXml):
                Push(element, tag.HasHtmlEncoding ? Kind.Html : Kind.Math);
                break;
            case (_, HtmlElement.Svg):
                Push(element, isInside && _open[_depth - 1].Element != HtmlElement.AnnotationXml ? Top : Kind.Svg);
                break;
            case (_, HtmlElement.Math):
                Push(element, isInside ? Top : Kind.Math);
                break;
            default:
                break;
        }
    }

    /// <summary>The name of an end tag is known.</summary>
    public void End(HtmlElement element)
    {
        if (element == HtmlElement.Paragraph && IsForeign)
        {
            Leave();
            return;
        }

        for (var index = _depth - 1; index >= 0; index--)
        {
            if (_open[index].Element == element)
            {
                _depth = index;
                return;
            }
        }
    }

    private void Leave()
    {
        while (IsForeign)
        {
            _depth--;
        }
    }

    private void Push(HtmlElement element, Kind kind)
    {
        if (_depth < MaxDepth)
        {
            _open[_depth++] = new Entry { Element = element, Kind = kind };
        }
    }

    private struct Entry
    {
        public HtmlElement Element;
        public Kind Kind;
        public bool HasElements;
    }
}

/// <summary>What the attributes of a tag say about its content.</summary>
internal readonly record struct TagTraits(bool IsSelfClosing, bool HasFontProperty, bool HasHtmlEncoding);
