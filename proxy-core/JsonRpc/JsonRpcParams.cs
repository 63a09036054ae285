using System.Text.Json;
using Tunnel.ProxyCore.Clients;

namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>
/// Reads what is known of the <c>params</c> of a request:
/// <c>{"name":"search","protocolVersion":"2025-11-25","clientInfo":{…},"_meta":{"traceparent":"00-…","openai/subject":"…"}}</c>.
/// </summary>
internal static class JsonRpcParams
{
    private enum MetaKey
    {
        Other,
        ProtocolVersion,
        TraceParent,
        TraceState,
        Subject,
        HostSession,
    }

    /// <param name="reader">Before the value of <c>params</c>; after it when all of it was there.</param>
    /// <param name="draft">Gets what was found.</param>
    /// <returns>Whether the value was there to its end, or is still to be skipped.</returns>
    public static bool Read(ref Utf8JsonReader reader, ref JsonRpcDraft draft)
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
                var isUri = reader.ValueTextEquals("uri"u8);
                more = reader.Read();
                draft.Name = more && isName ? JsonRpcText.Of(ref reader) : draft.Name;
                draft.ResourceUri = more && isUri ? JsonRpcText.Of(ref reader) : draft.ResourceUri;
                draft.ProtocolVersion = more && isVersion ? JsonRpcText.Of(ref reader) : draft.ProtocolVersion;
            }

            if (!more || !reader.TrySkip())
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static bool ReadMeta(ref Utf8JsonReader reader, ref JsonRpcDraft draft)
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
                var key = KeyOf(ref reader);
                more = reader.Read();
                if (more && key != MetaKey.Other)
                {
                    Keep(key, JsonRpcText.Of(ref reader), ref draft);
                }
            }

            if (!more || !reader.TrySkip())
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static MetaKey KeyOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("io.modelcontextprotocol/protocolVersion"u8) ? MetaKey.ProtocolVersion
        : reader.ValueTextEquals("traceparent"u8) ? MetaKey.TraceParent
        : reader.ValueTextEquals("tracestate"u8) ? MetaKey.TraceState
        : reader.ValueTextEquals("openai/subject"u8) ? MetaKey.Subject
        : reader.ValueTextEquals("openai/session"u8) ? MetaKey.HostSession
        : MetaKey.Other;

    private static void Keep(MetaKey key, string? value, ref JsonRpcDraft draft)
    {
        switch (key)
        {
            case MetaKey.ProtocolVersion:
                draft.ProtocolVersion = value;
                break;
            case MetaKey.TraceParent:
                draft.TraceParent = value;
                break;
            case MetaKey.TraceState:
                draft.TraceState = value;
                break;
            case MetaKey.Subject:
                // Only the hash is kept: who it is nobody has to know.
                draft.User = string.IsNullOrEmpty(value) ? null : PersonKey.Of(value);
                break;
            default:
                draft.HostSession = value;
                break;
        }
    }

    private static bool ReadClientInfo(ref Utf8JsonReader reader, ref JsonRpcDraft draft)
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

            draft.ClientName = isName ? JsonRpcText.Of(ref reader) : draft.ClientName;
            draft.ClientVersion = isVersion ? JsonRpcText.Of(ref reader) : draft.ClientVersion;
            if (!reader.TrySkip())
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }
}
