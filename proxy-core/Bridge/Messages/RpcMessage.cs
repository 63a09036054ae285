using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Bridge.Messages;

/// <summary>
/// One JSON-RPC message as the bytes that came, and where in them is what the bridge has to know. Whatever is not named here is not looked at,
/// and what is not changed keeps its bytes.
/// </summary>
internal sealed class RpcMessage
{
    private RpcMessage(ReadOnlyMemory<byte> text) => Text = text;

    public ReadOnlyMemory<byte> Text { get; }

    /// <summary>Null for a response.</summary>
    public string? Method { get; private set; }

    public JsonSpan Id { get; private set; }

    public JsonSpan Params { get; private set; }

    public JsonSpan Result { get; private set; }

    public JsonSpan Error { get; private set; }

    public bool IsRequest => Method is not null && Id.Exists;

    public bool IsNotification => Method is not null && !Id.Exists;

    public bool IsResponse => Method is null;

    /// <summary>The id as JSON text, with its quotes where it has them.</summary>
    public ReadOnlyMemory<byte> IdText => Bytes(Id);

    /// <summary>The whole text, as a value.</summary>
    public JsonSpan Whole => new(0, Text.Length);

    /// <param name="text">One JSON object, with nothing around it.</param>
    /// <returns>Null when it is no JSON-RPC message.</returns>
    public static RpcMessage? Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            return ReadOrThrow(text);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // The latter is a method with a lone surrogate.
            return null;
        }
    }

    public JsonSpan Find(JsonSpan inside, ReadOnlySpan<byte> name) => JsonObjects.Find(Text.Span, inside, name);

    public JsonSpan Find(JsonSpan inside, ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner) =>
        JsonObjects.Find(Text.Span, inside, outer, inner);

    public ReadOnlyMemory<byte> Bytes(JsonSpan span) => Text.Slice(span.Start, span.Length);

    /// <summary>A string, unescaped; null where the value is none.</summary>
    public string? String(JsonSpan span)
    {
        if (!span.Exists || Text.Span[span.Start] != (byte)'"')
        {
            return null;
        }

        var reader = JsonObjects.Open(span.In(Text.Span));
        reader.Read();
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate: no text that we know is like that.
            return null;
        }
    }

    /// <summary>A number that we gave out ourselves; some servers give it back in quotes.</summary>
    public long? Number(JsonSpan span)
    {
        var digits = span.In(Text.Span).Trim((byte)'"');
        return Utf8Parser.TryParse(digits, out long number, out var read) && read == digits.Length ? number : null;
    }

    /// <summary>The text with one value replaced.</summary>
    public ReadOnlyMemory<byte> With(JsonSpan span, ReadOnlyMemory<byte> value)
    {
        var edits = new JsonEdits();
        edits.Replace(span.Start, span.Length, value);
        return With(edits);
    }

    public ReadOnlyMemory<byte> With(JsonEdits edits)
    {
        var output = new ArrayBufferWriter<byte>(Text.Length + 64);
        edits.Apply(Text.Span, output);
        return output.WrittenMemory;
    }

    private static RpcMessage? ReadOrThrow(ReadOnlyMemory<byte> text)
    {
        var message = new RpcMessage(text);
        var reader = JsonObjects.Open(text.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var isJsonRpc = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isJsonRpc |= reader.ValueTextEquals("jsonrpc"u8);
            message.Take(ref reader);
        }

        // Nothing may follow; the reader throws where something does.
        reader.Read();
        var isWhole = message.Method is not null || (message.Id.Exists && (message.Result.Exists || message.Error.Exists));
        return isJsonRpc && isWhole ? message : null;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("id"u8))
        {
            Id = JsonObjects.Value(ref reader);
        }
        else if (reader.ValueTextEquals("method"u8))
        {
            JsonObjects.Value(ref reader);
            Method = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        else if (reader.ValueTextEquals("params"u8))
        {
            Params = JsonObjects.Value(ref reader);
        }
        else if (reader.ValueTextEquals("result"u8))
        {
            Result = JsonObjects.Value(ref reader);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            Error = JsonObjects.Value(ref reader);
        }
        else
        {
            JsonObjects.Value(ref reader);
        }
    }
}
