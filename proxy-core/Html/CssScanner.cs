using System.Buffers;

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

/// <summary>
/// Finds the URLs of CSS (CSS Syntax 4) in pieces that are split anywhere: <c>url(a.png)</c>, <c>url("a.png")</c>, <c>@import "a.css"</c>,
/// <c>image-set("a.png" 1x)</c>. It looks past comments and strings and never goes back.
/// </summary>
internal sealed class CssScanner
{
    private static readonly SearchValues<byte> s_marks = SearchValues.Create("\"'/@()\\"u8);
    private static readonly SearchValues<byte> s_marksInRule = SearchValues.Create("\"'/@()\\;{}"u8);
    private static readonly SearchValues<byte> s_endOfUrl = SearchValues.Create([
        .. "\"'()\\"u8,
        .. Enumerable.Range(0, 0x21).Select(value => (byte)value),
        0x7F,
    ]);

    private readonly CssWord _word = new();
    private State _state;

    /// <summary>The state that an escape stands in.</summary>
    private State _escaped;
    private int _hexDigits;
    private Rule _rule;
    private int _imageSetDepth;
    private bool _isUrl;

    private enum State : byte
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

    private enum Rule : byte
    {
        Other,

        /// <summary>The next string or URL is that of a style sheet.</summary>
        Import,

        /// <summary>What looks like a URL is a name.</summary>
        Namespace,
    }

    /// <summary>The quote around the URL, or zero.</summary>
    public byte Quote { get; private set; }

    /// <summary>Whether the URL that has begun is complete if nothing follows: an end closes everything.</summary>
    public bool EndsInUrl => _isUrl && _state is State.Url or State.UrlSpace or State.String or State.HexEscape or State.LineFeed;

    public void Reset()
    {
        _word.Clear();
        (_state, _rule, _imageSetDepth, _isUrl, Quote) = (State.Text, Rule.Other, 0, false, 0);
    }

    public CssEvent Next(ReadOnlySpan<byte> input, ref int position)
    {
        var result = CssEvent.None;
        while (result == CssEvent.None && position < input.Length)
        {
            result = _state switch
            {
                State.Text => TakeText(input, ref position),
                State.UrlOpen => OpenUrl(input[position], ref position),
                State.Url => TakeUrl(input, ref position),
                State.TextEscape or State.UrlEscape or State.StringEscape => TakeEscape(input[position], ref position),
                State.UrlSpace => CloseUrl(input[position], ref position),
                State.String => TakeString(input, ref position),
                _ => TakeOther(input, ref position),
            };
        }

        return result;
    }

    private CssEvent TakeText(ReadOnlySpan<byte> input, ref int position)
    {
        var rest = input[position..];
        var length = rest.IndexOfAny(_rule == Rule.Other ? s_marks : s_marksInRule);
        if (length < 0)
        {
            _word.Append(rest);
            position = input.Length;
            return CssEvent.None;
        }

        position += length + 1;
        switch (rest[length])
        {
            case (byte)'(':
                _word.Append(rest[..length]);
                OpenParenthesis();
                break;
            case (byte)')':
                _imageSetDepth -= _imageSetDepth > 0 ? 1 : 0;
                break;
            case (byte)'\\':
                _state = State.TextEscape;
                break;
            case (byte)'/':
                _state = State.Slash;
                break;
            case (byte)'@':
                _state = State.AtWord;
                break;
            case (byte)'"' or (byte)'\'':
                _word.Clear();
                return OpenString(rest[length], _rule == Rule.Import || _imageSetDepth == 1);
            default:
                _rule = Rule.Other;
                break;
        }

        _word.Clear();
        return CssEvent.None;
    }

    private void OpenParenthesis()
    {
        if (_word.Is("url"u8))
        {
            _state = State.UrlOpen;
        }
        else if (_imageSetDepth > 0)
        {
            _imageSetDepth++;
        }
        else if (_word.Is("image-set"u8) || _word.Is("-webkit-image-set"u8))
        {
            _imageSetDepth = 1;
        }
    }

    private CssEvent OpenString(byte quote, bool isUrl)
    {
        (_state, Quote) = (State.String, quote);
        return Begin(isUrl);
    }

    private CssEvent OpenUrl(byte value, ref int position)
    {
        if (HtmlSpace.Is(value))
        {
            position++;
            return CssEvent.None;
        }

        if (value is (byte)'"' or (byte)'\'')
        {
            position++;
            _imageSetDepth += _imageSetDepth > 0 ? 1 : 0;
            return OpenString(value, isUrl: true);
        }

        (_state, Quote) = (State.Url, 0);
        return Begin(isUrl: true);
    }

    private CssEvent Begin(bool isUrl)
    {
        _isUrl = isUrl && _rule != Rule.Namespace;
        _rule = _rule == Rule.Import ? Rule.Other : _rule;
        return _isUrl ? CssEvent.UrlStart : CssEvent.None;
    }

    private CssEvent End(CssEvent result)
    {
        var wasUrl = _isUrl;
        _isUrl = false;
        return wasUrl ? result : CssEvent.None;
    }

    private CssEvent TakeUrl(ReadOnlySpan<byte> input, ref int position)
    {
        var length = input[position..].IndexOfAny(s_endOfUrl);
        position = length < 0 ? input.Length : position + length;
        if (length < 0)
        {
            return CssEvent.None;
        }

        var value = input[position];
        if (value == (byte)'\\')
        {
            position++;
            _state = State.UrlEscape;
            return CssEvent.None;
        }

        _state = State.UrlSpace;
        return CssEvent.None;
    }

    private CssEvent TakeEscape(byte value, ref int position)
    {
        _escaped = _state switch
        {
            State.TextEscape => State.Text,
            State.UrlEscape => State.Url,
            _ => State.String,
        };
        if (_escaped == State.Text)
        {
            _word.Spoil();
        }

        var isLineBreak = value is (byte)'\n' or (byte)'\r' or (byte)'\f';
        if (isLineBreak && _escaped == State.Url)
        {
            _state = State.BadUrl;
            return End(CssEvent.NoUrl);
        }

        position++;
        _hexDigits = 1;
        _state =
            char.IsAsciiHexDigit((char)value) ? State.HexEscape
            : value == (byte)'\r' ? State.LineFeed
            : _escaped;
        return CssEvent.None;
    }

    /// <summary>Space may follow a URL, and then it has to end.</summary>
    private CssEvent CloseUrl(byte value, ref int position)
    {
        if (HtmlSpace.Is(value))
        {
            position++;
            return CssEvent.None;
        }

        // Told before the parenthesis is taken: it is not part of the URL.
        if (value == (byte)')' && _isUrl)
        {
            return End(CssEvent.UrlEnd);
        }

        _state = value == (byte)')' ? State.Text : State.BadUrl;
        position += value == (byte)')' ? 1 : 0;
        return End(CssEvent.NoUrl);
    }

    private CssEvent TakeString(ReadOnlySpan<byte> input, ref int position)
    {
        var rest = input[position..];
        var length = rest.IndexOfAny(Quote == (byte)'"' ? "\"\\\n\r\f"u8 : "'\\\n\r\f"u8);
        position = length < 0 ? input.Length : position + length;
        if (length < 0)
        {
            return CssEvent.None;
        }

        var value = rest[length];
        if (value == (byte)'\\')
        {
            position++;
            _state = State.StringEscape;
            return CssEvent.None;
        }

        // As with unquoted ones, the end is told first and the quote is taken in the next turn.
        if (_isUrl)
        {
            return End(value == Quote ? CssEvent.UrlEnd : CssEvent.NoUrl);
        }

        position++;
        _state = State.Text;
        return CssEvent.None;
    }

    private CssEvent TakeOther(ReadOnlySpan<byte> input, ref int position)
    {
        var value = input[position];
        switch (_state)
        {
            case State.Comment:
                var length = input[position..].IndexOf((byte)'*');
                position = length < 0 ? input.Length : position + length + 1;
                _state = length < 0 ? State.Comment : State.CommentStar;
                return CssEvent.None;
            case State.AtWord when CssWord.Has(value):
                _word.Append(input.Slice(position, 1));
                position++;
                return CssEvent.None;
            case State.AtWord:
                _rule =
                    _word.Is("import"u8) ? Rule.Import
                    : _word.Is("namespace"u8) ? Rule.Namespace
                    : Rule.Other;
                _word.Spoil();
                _state = State.Text;
                return CssEvent.None;
            case State.Slash when value != (byte)'*':
                _state = State.Text;
                return CssEvent.None;
            case State.HexEscape when char.IsAsciiHexDigit((char)value) && _hexDigits < 6:
                _hexDigits++;
                position++;
                return CssEvent.None;
            case State.HexEscape or State.LineFeed:
                var isTaken = _state == State.LineFeed ? value == (byte)'\n' : HtmlSpace.Is(value);
                position += isTaken ? 1 : 0;
                _state = _state == State.HexEscape && value == (byte)'\r' ? State.LineFeed : _escaped;
                return CssEvent.None;
            default:
                break;
        }

        position++;
        _state = (_state, value) switch
        {
            (State.Slash, _) => State.Comment,
            (State.CommentStar, (byte)'/') => State.Text,
            (State.CommentStar, (byte)'*') => State.CommentStar,
            (State.CommentStar, _) => State.Comment,
            (State.BadUrl, (byte)')') => State.Text,
            (State.BadUrl, (byte)'\\') => State.BadUrlEscape,
            _ => State.BadUrl,
        };
        return CssEvent.None;
    }
}
