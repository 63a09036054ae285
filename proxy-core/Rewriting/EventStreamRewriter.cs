using System.Buffers;
using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>
/// Changes the data of server-sent events (WHATWG HTML section 9.2): <c>id: 7\ndata: {"jsonrpc":"2.0",…}\n\n</c>. Only data waits for the
/// end of its event; lines before it, comments and events without data pass at once. What no rule changes keeps every byte.
/// </summary>
/// <param name="editor">Changes messages.</param>
/// <param name="endpoint">Takes the event that is no message, where the server may send it.</param>
/// <param name="limit">Largest event that is looked into, in bytes.</param>
internal sealed class EventStreamRewriter(MessageEditor editor, EndpointEvent? endpoint, int limit) : IBodyRewriter
{
    /// <summary>The line that is coming in, and from the first data line on everything up to the empty line.</summary>
    private readonly ArrayBufferWriter<byte> _held = new();

    /// <summary>The lines held, by their place in <see cref="_held"/>.</summary>
    private readonly List<Line> _lines = [];

    private int _lineStart;
    private bool _lineHasBytes;
    private bool _hasData;
    private bool _isEndpoint;
    private bool _isTooLong;
    private bool _afterCarriageReturn;

    private static ReadOnlySpan<byte> DataField => "data:"u8;

    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        while (!input.IsEmpty)
        {
            input = TakeLine(input, output);
        }
    }

    public void Complete(IBufferWriter<byte> output)
    {
        // An event without its empty line is none to the client either.
        output.Write(_held.WrittenSpan);
        _held.ResetWrittenCount();
    }

    /// <summary>Consumes up to the end of one line, or all there is.</summary>
    private ReadOnlySpan<byte> TakeLine(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        // CR, LF and CRLF all end a line, and a CRLF can be split over two pieces.
        if (_afterCarriageReturn)
        {
            _afterCarriageReturn = false;
            if (input[0] == (byte)'\n')
            {
                TakeLateLineFeed(output);
                return input[1..];
            }
        }

        var end = input.IndexOfAny((byte)'\n', (byte)'\r');
        var line = end < 0 ? input : input[..end];
        _lineHasBytes |= !line.IsEmpty;
        Hold(line, output);
        if (end < 0)
        {
            return [];
        }

        var terminator = input[end] == (byte)'\r' && end + 1 < input.Length && input[end + 1] == (byte)'\n' ? 2 : 1;
        _afterCarriageReturn = terminator == 1 && input[end] == (byte)'\r';
        EndLine(input.Slice(end, terminator), output);
        return input[(end + terminator)..];
    }

    private void EndLine(ReadOnlySpan<byte> terminator, IBufferWriter<byte> output)
    {
        var content = _held.WrittenCount - _lineStart;
        var isEmpty = !_lineHasBytes;
        _lineHasBytes = false;
        if (isEmpty)
        {
            WriteEvent(output);
            output.Write(terminator);
            return;
        }

        if (_isTooLong)
        {
            output.Write(terminator);
            return;
        }

        var isData = _held.WrittenSpan[_lineStart..].StartsWith(DataField);
        _hasData |= isData;
        _isEndpoint |= EndpointEvent.IsNamedBy(_held.WrittenSpan[_lineStart..]);
        _held.Write(terminator);
        if (_hasData)
        {
            _lines.Add(new Line(_lineStart, content, terminator.Length, isData));
            _lineStart = _held.WrittenCount;
        }
        else
        {
            output.Write(_held.WrittenSpan);
            _held.ResetWrittenCount();
        }
    }

    /// <summary>The second half of a CRLF: it belongs to the line that its first half has ended.</summary>
    private void TakeLateLineFeed(IBufferWriter<byte> output)
    {
        if (_lines.Count == 0)
        {
            output.Write("\n"u8);
            return;
        }

        _held.Write("\n"u8);
        _lines[^1] = _lines[^1] with { Terminator = 2 };
        _lineStart = _held.WrittenCount;
    }

    private void Hold(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (_isTooLong)
        {
            output.Write(bytes);
            return;
        }

        _held.Write(bytes);
        if (_held.WrittenCount > limit)
        {
            _isTooLong = true;
            output.Write(_held.WrittenSpan);
            Forget();
        }
    }

    private void WriteEvent(IBufferWriter<byte> output)
    {
        if (_hasData && Change(Message()) is { } changed)
        {
            WriteChanged(changed.Span, output);
        }
        else
        {
            output.Write(_held.WrittenSpan);
        }

        Forget();
        _isTooLong = false;
        _isEndpoint = false;
    }

    private ReadOnlyMemory<byte>? Change(ReadOnlyMemory<byte> data) =>
        _isEndpoint && endpoint is not null ? endpoint.Take(data.Span) : editor.Edit(data);

    private void Forget()
    {
        _held.ResetWrittenCount();
        _lines.Clear();
        _lineStart = 0;
        _hasData = false;
    }

    /// <summary>The values of the data lines, joined as a client joins them.</summary>
    private ReadOnlyMemory<byte> Message()
    {
        var data = _lines.Where(line => line.IsData).ToArray();
        if (data is [var only])
        {
            return ValueOf(only);
        }

        var message = new ArrayBufferWriter<byte>(_held.WrittenCount);
        foreach (var line in data)
        {
            if (message.WrittenCount > 0)
            {
                message.Write("\n"u8);
            }

            message.Write(ValueOf(line).Span);
        }

        return message.WrittenMemory;
    }

    private ReadOnlyMemory<byte> ValueOf(Line line)
    {
        var value = _held.WrittenMemory.Slice(line.Start, line.Length)[DataField.Length..];
        return value.Span is [(byte)' ', ..] ? value[1..] : value;
    }

    private void WriteChanged(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        var isWritten = false;
        foreach (var line in _lines)
        {
            var bytes = _held.WrittenSpan.Slice(line.Start, line.Length + line.Terminator);
            if (!line.IsData)
            {
                output.Write(bytes);
            }
            else if (!isWritten)
            {
                isWritten = true;
                foreach (var part in message.Split((byte)'\n'))
                {
                    output.Write("data: "u8);
                    output.Write(message[part]);
                    output.Write(bytes[line.Length..]);
                }
            }
        }
    }

    private readonly record struct Line(int Start, int Length, int Terminator, bool IsData);
}
