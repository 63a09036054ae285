namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>
/// Looks through a response while it streams for a JSON-RPC error response: in a JSON body, or in the data of server-sent events
/// (<c>data: {"jsonrpc":"2.0","id":1,"error":{"code":-32602,…}}</c>). Memory is bounded, whatever the length of the body.
/// </summary>
public sealed class JsonRpcErrorScanner
{
    /// <summary>Errors are short. A message that runs past this is a result as far as we are concerned.</summary>
    private const int MessageLimit = 16 * 1024;

    private const int InitialBytes = 512;

    private readonly bool _isEventStream;
    private byte[] _message = new byte[InitialBytes];
    private int _length;
    private bool _tooLong;
    private LineState _line = LineState.Start;
    private int _dataPrefix;
    private bool _afterCarriageReturn;
    private JsonRpcSummary? _error;

    private JsonRpcErrorScanner(bool isEventStream)
    {
        _isEventStream = isEventStream;
    }

    private enum LineState
    {
        /// <summary>Nothing of the line yet, or part of "data:".</summary>
        Start,

        /// <summary>After "data:", before an optional space.</summary>
        BeforeValue,

        /// <summary>In the value of a data line.</summary>
        Value,

        /// <summary>In a line of another field or a comment.</summary>
        Other,
    }

    private static ReadOnlySpan<byte> DataField => "data:"u8;

    /// <summary>A scanner for a body of this type, or null where no error could be read from it.</summary>
    public static JsonRpcErrorScanner? For(string? contentType, string? contentEncoding)
    {
        if (contentType is null || !string.IsNullOrEmpty(contentEncoding))
        {
            return null;
        }

        if (contentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            return new JsonRpcErrorScanner(isEventStream: true);
        }

        return contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
            ? new JsonRpcErrorScanner(isEventStream: false)
            : null;
    }

    /// <summary>Takes the next bytes of the body.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (!_isEventStream)
        {
            Keep(bytes);
            return;
        }

        while (!bytes.IsEmpty)
        {
            bytes = FeedLine(bytes);
        }
    }

    /// <summary>The last error seen, after all bytes that will come have come.</summary>
    public JsonRpcSummary? Finish()
    {
        if (_length > 0)
        {
            EndMessage();
        }

        return _error;
    }

    /// <summary>Consumes up to the end of one line, or all there is.</summary>
    private ReadOnlySpan<byte> FeedLine(ReadOnlySpan<byte> bytes)
    {
        // CR, LF and CRLF all end a line, and a CRLF can be split over two pieces.
        if (_afterCarriageReturn)
        {
            _afterCarriageReturn = false;
            if (bytes[0] == (byte)'\n')
            {
                return bytes[1..];
            }
        }

        var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
        var part = end < 0 ? bytes : bytes[..end];
        var lineWasEmpty = _line == LineState.Start && _dataPrefix == 0 && part.IsEmpty;

        FeedPart(part);
        if (end < 0)
        {
            return [];
        }

        if (lineWasEmpty && _length > 0)
        {
            EndMessage();
        }

        _line = LineState.Start;
        _dataPrefix = 0;
        _afterCarriageReturn = bytes[end] == (byte)'\r';
        return bytes[(end + 1)..];
    }

    private void FeedPart(ReadOnlySpan<byte> part)
    {
        while (!part.IsEmpty)
        {
            switch (_line)
            {
                case LineState.Start when part[0] == DataField[_dataPrefix]:
                    part = part[1..];
                    if (++_dataPrefix == DataField.Length)
                    {
                        _line = LineState.BeforeValue;
                    }

                    break;
                case LineState.BeforeValue:
                    _line = LineState.Value;
                    part = part[0] == (byte)' ' ? part[1..] : part;
                    break;
                case LineState.Value:
                    Keep(part);
                    return;
                default:
                    _line = LineState.Other;
                    return;
            }
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_tooLong || bytes.IsEmpty)
        {
            return;
        }

        if (_length + bytes.Length > MessageLimit)
        {
            bytes = bytes[..(MessageLimit - _length)];
            _tooLong = true;
        }

        if (_length + bytes.Length > _message.Length)
        {
            Array.Resize(ref _message, Math.Max(_message.Length * 2, _length + bytes.Length));
        }

        bytes.CopyTo(_message.AsSpan(_length));
        _length += bytes.Length;
    }

    private void EndMessage()
    {
        if (JsonRpcReader.Read(_message.AsSpan(0, _length), !_tooLong) is { ErrorCode: not null } error)
        {
            _error = error;
        }

        _length = 0;
        _tooLong = false;
    }
}
