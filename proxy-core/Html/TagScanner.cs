using System.Buffers;

namespace Tunnel.ProxyCore.Html;

/// <summary>
/// Reads a tag from the first letter of its name to its <c>&gt;</c>: <c>&lt;img alt='' src=/a.png></c> (WHATWG HTML 13.2.5.8 and 13.2.5.32 to
/// 13.2.5.40). It stops where a value begins and ends that bears URLs, and keeps no more than the names it compares.
/// </summary>
internal sealed class TagScanner(ForeignContent foreign)
{
    private static readonly SearchValues<byte> s_endOfUnquoted = SearchValues.Create(" \t\n\f\r>"u8);
    private static readonly PackedName s_refresh = PackedName.Of("refresh");
    private static readonly PackedName s_css = PackedName.Of("text/css");
    private static readonly PackedName s_html = PackedName.Of("text/html");

    private State _state;
    private PackedName _name;
    private PackedName _attributeName;
    private PackedName _word;
    private HtmlAttribute _attribute;
    private bool _isEndTag;
    private bool _isForeign;
    private bool _hasHtmlEncoding;
    private uint _seen;

    private enum State : byte
    {
        Name,
        BeforeAttribute,
        AttributeName,
        AfterAttributeName,
        BeforeValue,
        DoubleQuoted,
        SingleQuoted,
        Unquoted,
        CloseQuote,
        SelfClosing,
    }

    /// <summary>What the element is, once its name is complete.</summary>
    public HtmlElement Element { get; private set; }

    /// <summary>The name itself, for the end tag of an element with text.</summary>
    public PackedName Name => _name;

    /// <summary>How URLs stand in the value between the two events.</summary>
    public UrlForm Form { get; private set; }

    /// <summary>The quote around that value, or zero.</summary>
    public byte Quote { get; private set; }

    /// <summary>A <c>meta</c> that sends the document elsewhere, as far as its attributes have come in.</summary>
    public bool IsRefresh { get; private set; }

    /// <summary>Whether <c>type</c> says that a style element has no CSS.</summary>
    public bool IsOtherStyle { get; private set; }

    /// <summary>A start tag of HTML has come in whole: its content may be text.</summary>
    public bool OpensHtml => !_isEndTag && !_isForeign;

    /// <summary>A start tag of a style element of SVG has come in whole: its content is markup, and the text in it is CSS.</summary>
    public bool OpensForeignStyle =>
        !_isEndTag && _isForeign && Element == HtmlElement.Style && !IsOtherStyle && _state != State.SelfClosing;

    /// <summary>The first letter of a name comes next.</summary>
    public void Begin(bool isEndTag)
    {
        _isEndTag = isEndTag;
        _name = default;
        (_state, _seen, _hasHtmlEncoding, IsRefresh, IsOtherStyle) = (State.Name, 0, false, false, false);
    }

    /// <summary>The name of an end tag has been read by somebody else.</summary>
    public void BeginBehindEndTagName()
    {
        Begin(isEndTag: true);
        Element = HtmlElement.Other;
        _state = State.BeforeAttribute;
    }

    /// <returns>A value's start or end, or <see cref="HtmlEvent.TagEnd"/>.</returns>
    public HtmlEvent Next(ReadOnlySpan<byte> input, ref int position)
    {
        while (position < input.Length)
        {
            var value = input[position];
            switch (_state)
            {
                case State.Name:
                    if (TakeName(ref _name, input, ref position, isAttribute: false))
                    {
                        NameIsComplete();
                    }

                    break;
                case State.AttributeName:
                    if (TakeName(ref _attributeName, input, ref position, isAttribute: true))
                    {
                        AttributeNameIsComplete();
                    }

                    break;
                case State.DoubleQuoted:
                    if (TakeValue(input, ref position, input[position..].IndexOf((byte)'"')))
                    {
                        return HtmlEvent.ValueEnd;
                    }

                    break;
                case State.SingleQuoted:
                    if (TakeValue(input, ref position, input[position..].IndexOf((byte)'\'')))
                    {
                        return HtmlEvent.ValueEnd;
                    }

                    break;
                case State.Unquoted:
                    if (TakeValue(input, ref position, input[position..].IndexOfAny(s_endOfUnquoted)))
                    {
                        return HtmlEvent.ValueEnd;
                    }

                    break;
                case State.CloseQuote:
                    position++;
                    _state = State.BeforeAttribute;
                    break;
                case var _ when HtmlSpace.Is(value):
                    position++;
                    _state = _state == State.SelfClosing ? State.BeforeAttribute : _state;
                    break;
                case State.BeforeValue when value != (byte)'>':
                    if (OpenValue(value, ref position))
                    {
                        return HtmlEvent.ValueStart;
                    }

                    break;
                case var _ when value == (byte)'>':
                    position++;
                    return EndTag();
                case State.AfterAttributeName when value == (byte)'=':
                    position++;
                    _state = State.BeforeValue;
                    break;
                case var _ when value == (byte)'/':
                    position++;
                    _state = State.SelfClosing;
                    break;
                default:
                    // The first byte belongs to the name whatever it is, even an equals sign.
                    _attributeName = default;
                    _attributeName.Append(value);
                    position++;
                    _state = State.AttributeName;
                    break;
            }
        }

        return HtmlEvent.None;
    }

    /// <returns>Whether the name ends in this piece.</returns>
    private static bool TakeName(ref PackedName name, ReadOnlySpan<byte> input, ref int position, bool isAttribute)
    {
        var packed = name;
        var index = position;
        while (index < input.Length)
        {
            var value = input[index];
            if (value <= (byte)'>' && (value is (byte)'>' or (byte)'/' || (isAttribute && value == (byte)'=') || HtmlSpace.Is(value)))
            {
                break;
            }

            packed.Append(value);
            index++;
        }

        name = packed;
        position = index;
        return index < input.Length;
    }

    private void NameIsComplete()
    {
        _state = State.BeforeAttribute;
        Element = HtmlElements.Find(_name);
        if (_isEndTag)
        {
            foreign.End(Element);
        }
        else
        {
            _isForeign = foreign.Opens(Element);
        }
    }

    private void AttributeNameIsComplete()
    {
        _state = State.AfterAttributeName;
        _attribute = HtmlAttributes.Find(_attributeName);
        if (_attribute == HtmlAttribute.Other)
        {
            Form = UrlForm.None;
            return;
        }

        // Of several attributes of one name the first counts.
        var mark = 1u << (int)_attribute;
        var isFirst = (_seen & mark) == 0;
        _seen |= mark;
        _attribute = isFirst ? _attribute : HtmlAttribute.Other;
        Form = _isEndTag ? UrlForm.None : _attribute.FormOn(Element, _isForeign);
    }

    /// <returns>Whether the value is to be looked at.</returns>
    private bool OpenValue(byte value, ref int position)
    {
        _word = default;
        Quote = value is (byte)'"' or (byte)'\'' ? value : (byte)0;
        position += Quote == 0 ? 0 : 1;
        _state =
            value == (byte)'"' ? State.DoubleQuoted
            : value == (byte)'\'' ? State.SingleQuoted
            : State.Unquoted;
        return Form != UrlForm.None;
    }

    /// <returns>Whether a value ends here that was to be looked at.</returns>
    private bool TakeValue(ReadOnlySpan<byte> input, ref int position, int length)
    {
        var end = length < 0 ? input.Length : position + length;
        if (_attribute is HtmlAttribute.HttpEquiv or HtmlAttribute.Type or HtmlAttribute.Encoding)
        {
            foreach (var value in input[position..end])
            {
                _word.Append(value);
            }
        }

        position = end;
        if (length < 0)
        {
            return false;
        }

        _state = _state == State.Unquoted ? State.BeforeAttribute : State.CloseQuote;
        TakeWord();
        return Form != UrlForm.None;
    }

    private void TakeWord()
    {
        switch (_attribute)
        {
            case HtmlAttribute.HttpEquiv:
                IsRefresh = _word.Equals(s_refresh);
                break;
            case HtmlAttribute.Type:
                IsOtherStyle = !_word.Equals(s_css) && !_word.Equals(default);
                break;
            case HtmlAttribute.Encoding:
                _hasHtmlEncoding = _word.Equals(s_html);
                break;
            default:
                break;
        }
    }

    private HtmlEvent EndTag()
    {
        if (!_isEndTag)
        {
            var hasFontProperty = (_seen & (1u << (int)HtmlAttribute.FontProperty)) != 0;
            foreign.Start(Element, _isForeign, new TagTraits(_state == State.SelfClosing, hasFontProperty, _hasHtmlEncoding));
        }

        return HtmlEvent.TagEnd;
    }
}
