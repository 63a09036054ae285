using System.Text;
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

    /// <param name="json">The message, or its first bytes.</param>
    /// <param name="isWhole">Whether nothing follows.</param>
    /// <returns>Null when this is not a JSON-RPC message.</returns>
    public static JsonRpcSummary? Read(ReadOnlySpan<byte> json, bool isWhole)
    {
        var draft = default(Draft);
        try
        {
            var reader = new Utf8JsonReader(json, isWhole, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));
            if (!reader.Read())
            {
                return null;
            }

            if (reader.TokenType == JsonTokenType.StartArray)
            {
                draft.IsBatch = true;
                if (!reader.Read())
                {
                    return null;
                }
            }

            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            ReadMessage(ref reader, ref draft);
            return draft.ToSummary();
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // The latter is a name with a lone surrogate, such as "\ud800".
            return null;
        }
    }

    private static void ReadMessage(ref Utf8JsonReader reader, ref Draft draft)
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
                draft.Id = more ? IdText(ref reader) : draft.Id;
            }
            else if (reader.ValueTextEquals("method"u8))
            {
                more = reader.Read();
                draft.Method = more ? Text(ref reader) : draft.Method;
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                more = ReadParams(ref reader, ref draft);
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
                return;
            }
        }
    }

    // {"name":"search","protocolVersion":"2025-11-25","clientInfo":{…},"_meta":{…}}
    private static bool ReadParams(ref Utf8JsonReader reader, ref Draft draft)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TokenType != JsonTokenType.PropertyName;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool more;
            if (reader.ValueTextEquals("clientInfo"u8))
            {
                more = ReadClientInfo(ref reader, ref draft);
            }
            else if (reader.ValueTextEquals("_meta"u8))
            {
                more = ReadMeta(ref reader, ref draft);
            }
            else
            {
                var isName = reader.ValueTextEquals("name"u8);
                var isVersion = reader.ValueTextEquals("protocolVersion"u8);
                more = reader.Read();
                draft.Name = more && isName ? Text(ref reader) : draft.Name;
                draft.ProtocolVersion = more && isVersion ? Text(ref reader) : draft.ProtocolVersion;
            }

            if (!more || !reader.TrySkip())
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static bool ReadMeta(ref Utf8JsonReader reader, ref Draft draft)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TokenType != JsonTokenType.PropertyName;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool more;
            if (reader.ValueTextEquals("io.modelcontextprotocol/clientInfo"u8))
            {
                more = ReadClientInfo(ref reader, ref draft);
            }
            else
            {
                var isVersion = reader.ValueTextEquals("io.modelcontextprotocol/protocolVersion"u8);
                more = reader.Read();
                draft.ProtocolVersion = more && isVersion ? Text(ref reader) : draft.ProtocolVersion;
            }

            if (!more || !reader.TrySkip())
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static bool ReadClientInfo(ref Utf8JsonReader reader, ref Draft draft)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TokenType != JsonTokenType.PropertyName;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("name"u8);
            var isVersion = reader.ValueTextEquals("version"u8);
            if (!reader.Read())
            {
                return false;
            }

            draft.ClientName = isName ? Text(ref reader) : draft.ClientName;
            draft.ClientVersion = isVersion ? Text(ref reader) : draft.ClientVersion;
            if (!reader.TrySkip())
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static bool ReadError(ref Utf8JsonReader reader, ref Draft draft)
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
                draft.ErrorMessage = Text(ref reader);
            }

            if (!reader.TrySkip())
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static string? IdText(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
            // ValueSpan is the escaped text between the quotes, so quoting it again gives what came.
            JsonTokenType.String => $"\"{Encoding.UTF8.GetString(reader.ValueSpan)}\"",
            _ => null,
        };

    private static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Invalid UTF-8 or a lone surrogate: the bytes go through, we only cannot name them.
            return null;
        }
    }

    private struct Draft
    {
        public string? Id;
        public string? Method;
        public string? Name;
        public string? ErrorMessage;
        public string? ProtocolVersion;
        public string? ClientName;
        public string? ClientVersion;
        public int? ErrorCode;
        public bool IsBatch;
        public bool IsJsonRpc;

        public readonly JsonRpcSummary? ToSummary() =>
            IsJsonRpc || Method is not null
                ? new JsonRpcSummary
                {
                    Id = Id,
                    Method = Method,
                    Name = Name,
                    ProtocolVersion = ProtocolVersion,
                    ClientName = ClientName,
                    ClientVersion = ClientVersion,
                    ErrorCode = ErrorCode,
                    ErrorMessage = ErrorMessage,
                    IsBatch = IsBatch,
                }
                : null;
    }
}
