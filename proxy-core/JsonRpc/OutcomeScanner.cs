using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>
/// Finds <c>error.code</c>, <c>error.message</c> and <c>result.isError</c> in JSON-RPC messages that stream by in pieces of any size,
/// in constant memory: <c>{"jsonrpc":"2.0","id":1,"result":{"content":[… megabytes …],"isError":true}}</c>. It follows the nesting and
/// skips everything else; text that is not JSON only yields nothing.
/// </summary>
internal sealed class OutcomeScanner
{
    /// <summary>Keys that matter are short and messages are for one line; of longer strings the rest is skipped.</summary>
    private const int MaxTokenBytes = 256;

    // What ends the run of bytes that mean nothing inside a string, and outside of one.
    private static readonly SearchValues<byte> s_inString = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> s_structure = SearchValues.Create("\"{}[]:,"u8);

    private readonly byte[] _token = new byte[MaxTokenBytes];
    private int _tokenLength;
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
    private int? _errorCode;
    private string? _errorMessage;
    private bool _isToolError;

    // Set while the answers of a batch are told apart. Bounded by MaxBatch; messages beyond it are not told either.
    private Dictionary<string, JsonRpcOutcome>? _byId;
    private string? _id;

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

    public JsonRpcOutcome Outcome => new(_errorCode, _errorMessage, _isToolError);

    /// <summary>Outcomes by the id of the request, once <see cref="TellApart"/> was called.</summary>
    public IReadOnlyDictionary<string, JsonRpcOutcome>? ById => _byId;

    private bool IsInMessage => _depth == _batch + 1;

    private bool IsInId => _byId is not null && IsInMessage && _key == Key.Id;

    private bool IsInSection => _depth == _batch + 2 && _section != Section.None;

    /// <summary>Keeps the outcome of every message by itself: the request was a batch.</summary>
    public void TellApart() => _byId = new Dictionary<string, JsonRpcOutcome>(StringComparer.Ordinal);

    /// <summary>Forgets the nesting, not the outcome: the next bytes start a new message.</summary>
    public void StartMessage()
    {
        _depth = _batch = _tokenLength = 0;
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
                _tokenLength = 0;
                break;
            case (byte)'{':
                Open(isObject: true);
                break;
            case (byte)'[':
                Open(isObject: false);
                break;
            case (byte)':':
                _expectsKey = false;
                _tokenLength = 0;
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
                _errorCode = 0;
            }
        }

        _depth++;
        _expectsKey = isObject && (IsInMessage || IsInSection);
        _tokenLength = 0;
    }

    private void Close()
    {
        _depth--;
        if (_depth == _batch)
        {
            EndMessage();
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

    private void EndMessage()
    {
        if (_byId is null)
        {
            return;
        }

        if (_id is not null && _byId.Count < JsonRpcReader.MaxBatch)
        {
            _byId[_id] = Outcome;
        }

        (_id, _errorCode, _errorMessage, _isToolError) = (null, null, null, false);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (!_expectsKey && !(IsInSection && _key == Key.Message) && !IsInId)
        {
            return;
        }

        bytes = bytes[..Math.Min(bytes.Length, MaxTokenBytes - _tokenLength)];
        bytes.CopyTo(_token.AsSpan(_tokenLength));
        _tokenLength += bytes.Length;
    }

    private void KeepLiteral(ReadOnlySpan<byte> bytes)
    {
        if (_expectsKey || !(IsInId || (IsInSection && _key is Key.Code or Key.IsError)))
        {
            return;
        }

        bytes = bytes.Trim(" \t\r\n"u8);
        bytes = bytes[..Math.Min(bytes.Length, MaxTokenBytes - _tokenLength)];
        bytes.CopyTo(_token.AsSpan(_tokenLength));
        _tokenLength += bytes.Length;
    }

    private void EndString()
    {
        var token = _token.AsSpan(0, _tokenLength);
        if (_expectsKey)
        {
            _key = KeyOf(token);
        }
        else if (IsInSection && _section == Section.Error && _key == Key.Message)
        {
            _errorMessage = Unescape(token);
        }
        else if (IsInId)
        {
            // As JsonRpcText.Id writes it.
            _id = $"\"{Encoding.UTF8.GetString(token)}\"";
        }

        _tokenLength = 0;
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
        if (_tokenLength == 0 || !(IsInSection || IsInId))
        {
            return;
        }

        var token = _token.AsSpan(0, _tokenLength);
        if (_key == Key.Id)
        {
            _id = Encoding.UTF8.GetString(token);
        }
        else if (_key == Key.Code && int.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code))
        {
            _errorCode = code;
        }
        else if (_key == Key.IsError)
        {
            _isToolError = token.SequenceEqual("true"u8);
        }

        _tokenLength = 0;
    }

    private static string Unescape(ReadOnlySpan<byte> token)
    {
        try
        {
            var reader = new Utf8JsonReader([(byte)'"', .. token, (byte)'"']);
            return reader.Read() ? reader.GetString() ?? string.Empty : string.Empty;
        }
        catch (Exception cut) when (cut is JsonException or InvalidOperationException)
        {
            // Cut inside an escape or a character, or not UTF-8: readable enough as it is.
            return Encoding.UTF8.GetString(token);
        }
    }
}
