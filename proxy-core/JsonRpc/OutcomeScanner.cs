using System.Buffers;
using System.Globalization;

namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>
/// Finds <c>error.code</c>, <c>error.message</c> and <c>result.isError</c> in JSON-RPC messages that stream by in pieces of any size,
/// in constant memory: <c>{"jsonrpc":"2.0","id":1,"result":{"content":[… megabytes …],"isError":true}}</c>. It follows the nesting and
/// skips everything else; text that is not JSON only yields nothing.
/// </summary>
internal sealed class OutcomeScanner
{
    // What ends the run of bytes that mean nothing inside a string, and outside of one.
    private static readonly SearchValues<byte> s_inString = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> s_structure = SearchValues.Create("\"{}[]:,"u8);

    private readonly OutcomeToken _token = new();
    private readonly OutcomeFindings _found = new();
    private int _depth;

    // 1 while the body is a batch, whose messages are one level deeper.
    private int _batch;

    // Set once the message has ended, or was none; what follows is skipped until the next one starts.
    private bool _isOver;
    private bool _isInString;
    private bool _isEscaped;
    private bool _expectsKey;
    private Key _key;
    private Section _section;

    private enum Key
    {
        Other,
        Id,
        Result,
        Error,
        Code,
        Message,
        IsError,
    }

    private enum Section
    {
        None,
        Result,
        Error,
    }

    public JsonRpcOutcome Outcome => _found.Outcome;

    /// <summary>Outcomes by the id of the request, once <see cref="TellApart"/> was called.</summary>
    public IReadOnlyDictionary<string, JsonRpcOutcome>? ById => _found.ById;

    private bool IsInMessage => _depth == _batch + 1;

    private bool IsInId => _found.AreToldApart && IsInMessage && _key == Key.Id;

    private bool IsInSection => _depth == _batch + 2 && _section != Section.None;

    /// <summary>Keeps the outcome of every message by itself: the request was a batch.</summary>
    public void TellApart() => _found.TellApart();

    /// <summary>Forgets the nesting, not the outcome: the next bytes start a new message.</summary>
    public void StartMessage()
    {
        _token.Clear();
        _depth = _batch = 0;
        _isInString = _isEscaped = _expectsKey = _isOver = false;
        _section = Section.None;
        _key = Key.Other;
    }

    public void Feed(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty && !_isOver)
        {
            piece = _isInString ? FeedString(piece) : FeedStructure(piece);
        }
    }

    private ReadOnlySpan<byte> FeedString(ReadOnlySpan<byte> piece)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
            Keep(piece[..1]);
            return piece[1..];
        }

        var end = piece.IndexOfAny(s_inString);
        if (end < 0)
        {
            Keep(piece);
            return [];
        }

        Keep(piece[..end]);
        if (piece[end] == (byte)'\\')
        {
            _isEscaped = true;
            Keep(piece.Slice(end, 1));
        }
        else
        {
            _isInString = false;
            EndString();
        }

        return piece[(end + 1)..];
    }

    private ReadOnlySpan<byte> FeedStructure(ReadOnlySpan<byte> piece)
    {
        var end = piece.IndexOfAny(s_structure);
        if (end < 0)
        {
            KeepLiteral(piece);
            return [];
        }

        if (_depth == 0 && (piece[end] is not ((byte)'{' or (byte)'[') || !piece[..end].Trim(" \t\r\n"u8).IsEmpty))
        {
            _isOver = true;
            return [];
        }

        KeepLiteral(piece[..end]);
        switch (piece[end])
        {
            case (byte)'"':
                _isInString = true;
                _token.Clear();
                break;
            case (byte)'{':
                Open(isObject: true);
                break;
            case (byte)'[':
                Open(isObject: false);
                break;
            case (byte)':':
                _expectsKey = false;
                _token.Clear();
                break;
            case (byte)',':
                EndLiteral();
                _expectsKey = IsInMessage || IsInSection;
                break;
            default:
                EndLiteral();
                Close();
                break;
        }

        return piece[(end + 1)..];
    }

    private void Open(bool isObject)
    {
        if (_depth == 0 && !isObject)
        {
            _batch = 1;
        }
        else if (IsInMessage)
        {
            _section = (isObject, _key) switch
            {
                (true, Key.Result) => Section.Result,
                (true, Key.Error) => Section.Error,
                _ => Section.None,
            };
            if (_section == Section.Error)
            {
                // An error object without a code is an error all the same.
                _found.ErrorCode = 0;
            }
        }

        _depth++;
        _expectsKey = isObject && (IsInMessage || IsInSection);
        _token.Clear();
    }

    private void Close()
    {
        _depth--;
        if (_depth == _batch)
        {
            _found.EndMessage();
        }

        _isOver = _depth == 0;
        if (_depth <= _batch + 1)
        {
            _section = Section.None;
        }

        // What follows a value is a comma or another end, so no key before the comma.
        _expectsKey = false;
        _key = Key.Other;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (!_expectsKey && !(IsInSection && _key == Key.Message) && !IsInId)
        {
            return;
        }

        _token.Append(bytes);
    }

    private void KeepLiteral(ReadOnlySpan<byte> bytes)
    {
        if (_expectsKey || !(IsInId || (IsInSection && _key is Key.Code or Key.IsError)))
        {
            return;
        }

        _token.Append(bytes.Trim(" \t\r\n"u8));
    }

    private void EndString()
    {
        if (_expectsKey)
        {
            _key = KeyOf(_token.Bytes);
        }
        else if (IsInSection && _section == Section.Error && _key == Key.Message)
        {
            _found.ErrorMessage = _token.Unescape();
        }
        else if (IsInId)
        {
            // As JsonRpcText.Id writes it.
            _found.Id = $"\"{_token.Text}\"";
        }

        _token.Clear();
    }

    private Key KeyOf(ReadOnlySpan<byte> token)
    {
        if (IsInMessage)
        {
            return token.SequenceEqual("result"u8) ? Key.Result
                : token.SequenceEqual("error"u8) ? Key.Error
                : token.SequenceEqual("id"u8) ? Key.Id
                : Key.Other;
        }

        return _section switch
        {
            Section.Error when token.SequenceEqual("code"u8) => Key.Code,
            Section.Error when token.SequenceEqual("message"u8) => Key.Message,
            Section.Result when token.SequenceEqual("isError"u8) => Key.IsError,
            _ => Key.Other,
        };
    }

    private void EndLiteral()
    {
        if (_token.Bytes.IsEmpty || !(IsInSection || IsInId))
        {
            return;
        }

        if (_key == Key.Id)
        {
            _found.Id = _token.Text;
        }
        else if (_key == Key.Code && int.TryParse(_token.Bytes, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code))
        {
            _found.ErrorCode = code;
        }
        else if (_key == Key.IsError)
        {
            _found.IsToolError = _token.Bytes.SequenceEqual("true"u8);
        }

        _token.Clear();
    }
}
