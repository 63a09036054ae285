namespace Tunnel.ProxyCore.Html;

/// <summary>
/// Reads HTML in pieces that are split anywhere, and stops at what bears URLs. It keeps a state of fixed size and no text, and its position
/// only goes forward, so its work is in proportion to the length of what it reads.
/// </summary>
internal sealed class HtmlScanner
{
    private readonly ForeignContent _foreign = new();
    private readonly MarkupScanner _markup = new();
    private readonly RawTextScanner _text = new();
    private readonly TagScanner _tag;
    private Part _part;

    public HtmlScanner() => _tag = new TagScanner(_foreign);

    private enum Part : byte
    {
        Markup,
        Tag,
        Text,
        StyleStart,

        /// <summary>The text of a style element of SVG, up to the next tag, comment or CDATA section.</summary>
        ForeignStyleStart,
        ForeignStyle,
        ForeignStyleEnd,

        /// <summary>What follows <c>plaintext</c> is text to the end.</summary>
        PlainText,
    }

    public TagScanner Tag => _tag;

    /// <summary>Goes on from <paramref name="position"/> to the next event, or to the end of the piece.</summary>
    public HtmlEvent Next(ReadOnlySpan<byte> input, ref int position)
    {
        while (true)
        {
            switch (_part)
            {
                case Part.Markup:
                    if (!_markup.TryFindTag(input, ref position, _foreign.TakesCdata))
                    {
                        return HtmlEvent.None;
                    }

                    _tag.Begin(_markup.IsEndTag);
                    _part = Part.Tag;
                    break;
                case Part.Tag:
                    var inTag = _tag.Next(input, ref position);
                    if (inTag == HtmlEvent.TagEnd)
                    {
                        _part =
                            _tag.OpensHtml ? ContentOf(_tag.Element)
                            : _tag.OpensForeignStyle ? Part.ForeignStyleStart
                            : Part.Markup;
                    }

                    return inTag;
                case Part.StyleStart:
                    _part = Part.Text;
                    return HtmlEvent.StyleStart;
                case Part.ForeignStyleStart:
                    _part = Part.ForeignStyle;
                    return HtmlEvent.StyleStart;
                case Part.ForeignStyle:
                    var length = input[position..].IndexOf((byte)'<');
                    position = length < 0 ? input.Length : position + length;
                    _part = length < 0 ? _part : Part.ForeignStyleEnd;
                    return length < 0 ? HtmlEvent.None : HtmlEvent.StyleDoubt;
                case Part.ForeignStyleEnd:
                    _part = Part.Markup;
                    return HtmlEvent.StyleEnd;
                case Part.Text:
                    var inText = _text.Next(input, ref position);
                    if (inText is HtmlEvent.TagEnd or HtmlEvent.StyleEnd)
                    {
                        _tag.BeginBehindEndTagName();
                        _part = Part.Tag;
                    }

                    return inText;
                default:
                    position = input.Length;
                    return HtmlEvent.None;
            }
        }
    }

    private Part ContentOf(HtmlElement element)
    {
        switch (element)
        {
            // Hosts run widgets with scripting, and with scripting the content of noscript is text that nobody reads.
            case HtmlElement.NoScript:
            case HtmlElement.Title or HtmlElement.TextArea or HtmlElement.Xmp or HtmlElement.Script:
            case HtmlElement.IFrame or HtmlElement.NoEmbed or HtmlElement.NoFrames:
                _text.Begin(_tag.Name, isScript: element == HtmlElement.Script, tellsText: false);
                return Part.Text;
            case HtmlElement.Style:
                _text.Begin(_tag.Name, isScript: false, tellsText: !_tag.IsOtherStyle);
                return _tag.IsOtherStyle ? Part.Text : Part.StyleStart;
            case HtmlElement.PlainText:
                return Part.PlainText;
            default:
                return Part.Markup;
        }
    }
}
