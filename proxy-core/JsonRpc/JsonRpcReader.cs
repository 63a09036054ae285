using System.Text.Json;

namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>
/// Reads a <see cref="JsonRpcSummary"/> in one pass over UTF-8 JSON, which may be only the head of a longer message:
/// <c>{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search",…</c>. Values that are not asked for are skipped unread.
/// </summary>
public static class JsonRpcReader
{
    /// <summary>Nesting beyond this is not JSON-RPC to us; the bytes still go through.</summary>
    private const int MaxDepth = 64;

    /// <summary>Messages of a batch that are told apart; what follows them only goes through.</summary>
    public const int MaxBatch = 100;

    /// <param name="json">The message, or its first bytes.</param>
    /// <param name="isWhole">Whether nothing follows.</param>
    /// <returns>Null when this is not a JSON-RPC message.</returns>
    public static JsonRpcSummary? Read(ReadOnlySpan<byte> json, bool isWhole)
    {
        try
        {
            var reader = new Utf8JsonReader(json, isWhole, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));
            if (!reader.Read())
            {
                return null;
            }

            if (reader.TokenType == JsonTokenType.StartArray)
            {
                return ReadBatch(ref reader);
            }

            var draft = default(JsonRpcDraft);
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadMessage(ref reader, ref draft);
            }

            return draft.ToSummary();
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // The latter is a name with a lone surrogate, such as "\ud800".
            return null;
        }
    }

    private static JsonRpcSummary? ReadBatch(ref Utf8JsonReader reader)
    {
        List<JsonRpcSummary> messages = [];
        var more = true;
        while (more && messages.Count < MaxBatch && reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var draft = default(JsonRpcDraft);
            more = ReadMessage(ref reader, ref draft);
            if (draft.ToSummary() is { } message)
            {
                messages.Add(message);
            }
        }

        return messages is [var first, .. var others] ? first with { IsBatch = true, Others = others } : null;
    }

    /// <returns>Whether the message was there to its end.</returns>
    private static bool ReadMessage(ref Utf8JsonReader reader, ref JsonRpcDraft draft)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool more;
            if (reader.ValueTextEquals("jsonrpc"u8))
            {
                more = reader.Read();
                draft.IsJsonRpc |= more && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                more = reader.Read();
                draft.Id = more ? JsonRpcText.Id(ref reader) : draft.Id;
            }
            else if (reader.ValueTextEquals("method"u8))
            {
                more = reader.Read();
                draft.Method = more ? JsonRpcText.Of(ref reader) : draft.Method;
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                more = JsonRpcParams.Read(ref reader, ref draft);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                more = ReadError(ref reader, ref draft);
            }
            else
            {
                more = reader.Read();
            }

            // Objects and arrays that were not entered are passed over; a head that ends inside one ends the reading.
            if (!more || !reader.TrySkip())
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static bool ReadError(ref Utf8JsonReader reader, ref JsonRpcDraft draft)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TokenType != JsonTokenType.PropertyName;
        }

        // An error object without a code is an error all the same.
        draft.ErrorCode = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCode = reader.ValueTextEquals("code"u8);
            var isMessage = reader.ValueTextEquals("message"u8);
            if (!reader.Read())
            {
                return false;
            }

            if (isCode && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var code))
            {
                draft.ErrorCode = code;
            }
            else if (isMessage)
            {
                draft.ErrorMessage = JsonRpcText.Of(ref reader);
            }

            if (!reader.TrySkip())
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }
}
