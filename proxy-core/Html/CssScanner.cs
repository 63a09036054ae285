using System.Buffers;

namespace Tunnel.ProxyCore.Html;

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

    private readonly CssSurroundings _before = new();
    private CssState _state;

    /// <summary>The state that an escape stands in.</summary>
    private CssState _escaped;
    private int _hexDigits;
    private bool _isUrl;

    /// <summary>The quote around the URL, or zero.</summary>
    public byte Quote { get; private set; }

    /// <summary>Whether the URL that has begun is complete if nothing follows: an end closes everything.</summary>
    public bool EndsInUrl =>
        _isUrl && _state is CssState.Url or CssState.UrlSpace or CssState.String or CssState.HexEscape or CssState.LineFeed;

    public void Reset()
    {
        _before.Reset();
        (_state, _isUrl, Quote) = (CssState.Text, false, 0);
    }

    public CssEvent Next(ReadOnlySpan<byte> input, ref int position)
    {
        var result = CssEvent.None;
        while (result == CssEvent.None && position < input.Length)
        {
            result = _state switch
            {
                CssState.Text => TakeText(input, ref position),
                CssState.UrlOpen => OpenUrl(input[position], ref position),
                CssState.Url => TakeUrl(input, ref position),
                CssState.TextEscape or CssState.UrlEscape or CssState.StringEscape => TakeEscape(input[position], ref position),
                CssState.UrlSpace => CloseUrl(input[position], ref position),
                CssState.String => TakeString(input, ref position),
                _ => TakeOther(input, ref position),
            };
        }

        return result;
    }

    private CssEvent TakeText(ReadOnlySpan<byte> input, ref int position)
    {
        var rest = input[position..];
        var length = rest.IndexOfAny(_before.IsInRule ? s_marksInRule : s_marks);
        if (length < 0)
        {
            _before.Word.Append(rest);
            position = input.Length;
            return CssEvent.None;
        }

        position += length + 1;
        switch (rest[length])
        {
            case (byte)'(':
                _before.Word.Append(rest[..length]);
                _state = _before.OpenParenthesis() ? CssState.UrlOpen : CssState.Text;
                break;
            case (byte)')':
                _before.CloseParenthesis();
                break;
            case (byte)'\\':
                _state = CssState.TextEscape;
                break;
            case (byte)'/':
                _state = CssState.Slash;
                break;
            case (byte)'@':
                _state = CssState.AtWord;
                break;
            case (byte)'"' or (byte)'\'':
                _before.Word.Clear();
                return OpenString(rest[length], _before.MakesStringsUrls);
            default:
                _before.EndRule();
                break;
        }

        _before.Word.Clear();
        return CssEvent.None;
    }

    private CssEvent OpenString(byte quote, bool isUrl)
    {
        (_state, Quote) = (CssState.String, quote);
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
            _before.OpenUrlWithQuotes();
            return OpenString(value, isUrl: true);
        }

        (_state, Quote) = (CssState.Url, 0);
        return Begin(isUrl: true);
    }

    private CssEvent Begin(bool isUrl)
    {
        _isUrl = _before.TakeUrl(isUrl);
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
            _state = CssState.UrlEscape;
            return CssEvent.None;
        }

        _state = CssState.UrlSpace;
        return CssEvent.None;
    }

    private CssEvent TakeEscape(byte value, ref int position)
    {
        _escaped = _state switch
        {
            CssState.TextEscape => CssState.Text,
            CssState.UrlEscape => CssState.Url,
            _ => CssState.String,
        };
        if (_escaped == CssState.Text)
        {
            _before.Word.Spoil();
        }

        var isLineBreak = value is (byte)'\n' or (byte)'\r' or (byte)'\f';
        if (isLineBreak && _escaped == CssState.Url)
        {
            _state = CssState.BadUrl;
            return End(CssEvent.NoUrl);
        }

        position++;
        _hexDigits = 1;
        _state =
            char.IsAsciiHexDigit((char)value) ? CssState.HexEscape
            : value == (byte)'\r' ? CssState.LineFeed
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

        _state = value == (byte)')' ? CssState.Text : CssState.BadUrl;
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
            _state = CssState.StringEscape;
            return CssEvent.None;
        }

        // As with unquoted ones, the end is told first and the quote is taken in the next turn.
        if (_isUrl)
        {
            return End(value == Quote ? CssEvent.UrlEnd : CssEvent.NoUrl);
        }

        position++;
        _state = CssState.Text;
        return CssEvent.None;
    }

    private CssEvent TakeOther(ReadOnlySpan<byte> input, ref int position)
    {
        var value = input[position];
        switch (_state)
        {
            case CssState.Comment:
                var length = input[position..].IndexOf((byte)'*');
                position = length < 0 ? input.Length : position + length + 1;
                _state = length < 0 ? CssState.Comment : CssState.CommentStar;
                return CssEvent.None;
            case CssState.AtWord when CssWord.Has(value):
                _before.Word.Append(input.Slice(position, 1));
                position++;
                return CssEvent.None;
            case CssState.AtWord:
                _before.BeginRule();
                _state = CssState.Text;
                return CssEvent.None;
            case CssState.Slash when value != (byte)'*':
                _state = CssState.Text;
                return CssEvent.None;
            case CssState.HexEscape when char.IsAsciiHexDigit((char)value) && _hexDigits < 6:
                _hexDigits++;
                position++;
                return CssEvent.None;
            case CssState.HexEscape or CssState.LineFeed:
                var isTaken = _state == CssState.LineFeed ? value == (byte)'\n' : HtmlSpace.Is(value);
                position += isTaken ? 1 : 0;
                _state = _state == CssState.HexEscape && value == (byte)'\r' ? CssState.LineFeed : _escaped;
                return CssEvent.None;
            default:
                break;
        }

        position++;
        _state = (_state, value) switch
        {
            (CssState.Slash, _) => CssState.Comment,
            (CssState.CommentStar, (byte)'/') => CssState.Text,
            (CssState.CommentStar, (byte)'*') => CssState.CommentStar,
            (CssState.CommentStar, _) => CssState.Comment,
            (CssState.BadUrl, (byte)')') => CssState.Text,
            (CssState.BadUrl, (byte)'\\') => CssState.BadUrlEscape,
            _ => CssState.BadUrl,
        };
        return CssEvent.None;
    }
}
