namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>
/// Watches a response while it streams for how its JSON-RPC exchange ended, in a JSON body or in the data of server-sent events
/// (<c>data: {"jsonrpc":"2.0","id":1,"error":{"code":-32602,…}}</c>). Memory is constant, whatever the length of the body.
/// </summary>
public sealed class ResponseScanner
{
    private readonly OutcomeScanner _json = new();
    private readonly bool _isEventStream;
    private LineState _line = LineState.Start;
    private int _fieldMatched;
    private bool _lineHasBytes;
    private bool _afterCarriageReturn;

    private ResponseScanner(bool isEventStream)
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

    /// <summary>What the response has told so far.</summary>
    public JsonRpcOutcome Outcome => _json.Outcome;

    /// <summary>How each request of a batch ended, by its id as JSON text; null unless <see cref="TellApart"/> was called.</summary>
    public IReadOnlyDictionary<string, JsonRpcOutcome>? OutcomesById => _json.ById;

    /// <summary>Keeps the outcome of every message by itself: the request was a batch.</summary>
    public void TellApart() => _json.TellApart();

    /// <summary>A scanner for a body of this type, or null where no outcome could be read from it.</summary>
    public static ResponseScanner? For(string? contentType, string? contentEncoding)
    {
        if (contentType is null || !string.IsNullOrEmpty(contentEncoding))
        {
            return null;
        }

        if (contentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            return new ResponseScanner(isEventStream: true);
        }

        return contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
            ? new ResponseScanner(isEventStream: false)
            : null;
    }

    /// <summary>Takes the next bytes of the body, split anywhere.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (!_isEventStream)
        {
            _json.Feed(bytes);
            return;
        }

        while (!bytes.IsEmpty)
        {
            bytes = FeedLine(bytes);
        }
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
        _lineHasBytes |= !part.IsEmpty;
        FeedPart(part);
        if (end < 0)
        {
            return [];
        }

        if (!_lineHasBytes)
        {
            // An empty line ends the event, and the message with it.
            _json.StartMessage();
        }

        _line = LineState.Start;
        _fieldMatched = 0;
        _lineHasBytes = false;
        _afterCarriageReturn = bytes[end] == (byte)'\r';
        return bytes[(end + 1)..];
    }

    private void FeedPart(ReadOnlySpan<byte> part)
    {
        while (!part.IsEmpty)
        {
            switch (_line)
            {
                case LineState.Start when part[0] == DataField[_fieldMatched]:
                    part = part[1..];
                    if (++_fieldMatched == DataField.Length)
                    {
                        _line = LineState.BeforeValue;
                    }

                    break;
                case LineState.BeforeValue:
                    _line = LineState.Value;
                    part = part[0] == (byte)' ' ? part[1..] : part;
                    break;
                case LineState.Value:
                    _json.Feed(part);
                    return;
                default:
                    _line = LineState.Other;
                    return;
            }
        }
    }
}
