using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Web;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>
/// The headers that repeat what the body says (SEP-2243), so that things in between need not read it. Whoever does read the body has to make
/// sure that they agree.
/// </summary>
internal static class StandardHeaders
{
    private const string EncodedPrefix = "=?base64?";
    private const string EncodedSuffix = "?=";

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>What is missing or differs, or null.</returns>
    public static string? FindProblem(BridgeRequest request, RpcMessage message)
    {
        if (request.ProtocolVersion is null)
        {
            return "MCP-Protocol-Version is missing";
        }

        if (request.Header("Mcp-Method") is not { } method)
        {
            return "Mcp-Method is missing";
        }

        if (method.Trim() != message.Method)
        {
            return $"Mcp-Method is {method}, the body says {message.Method}";
        }

        if (NameIn(message) is not { } name)
        {
            return null;
        }

        return request.Header("Mcp-Name") is not { } header ? "Mcp-Name is missing"
            : Decode(header.Trim()) is not { } decoded ? "Mcp-Name is not encoded as it should be"
            : decoded != name ? $"Mcp-Name is {decoded}, the body says {name}"
            : null;
    }

    /// <summary>What <c>Mcp-Name</c> repeats; null where a message has nothing of the kind.</summary>
    public static string? NameIn(RpcMessage message)
    {
        var field = FieldOf(message.Method);
        return field.IsEmpty ? null : message.String(message.Find(message.Params, field));
    }

    /// <summary>A text as the value of a header: as it is, or where that is not safe <c>=?base64?w6k=?=</c>.</summary>
    public static string Encode(string text) =>
        text.All(character => character is >= ' ' and <= '~')
        && text.Trim() == text
        && !text.StartsWith(EncodedPrefix, StringComparison.Ordinal)
            ? text
            : $"{EncodedPrefix}{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}{EncodedSuffix}";

    /// <summary><c>=?base64?w6k=?=</c> is é; anything else is itself.</summary>
    /// <returns>Null where the coding is broken.</returns>
    public static string? Decode(string value)
    {
        if (
            !value.StartsWith(EncodedPrefix, StringComparison.Ordinal)
            || !value.EndsWith(EncodedSuffix, StringComparison.Ordinal)
            || value.Length < EncodedPrefix.Length + EncodedSuffix.Length
        )
        {
            return value;
        }

        var encoded = value[EncodedPrefix.Length..^EncodedSuffix.Length];
        var bytes = new byte[encoded.Length];
        try
        {
            return Convert.TryFromBase64String(encoded, bytes, out var length) && !encoded.Any(char.IsWhiteSpace)
                ? s_strict.GetString(bytes, 0, length)
                : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> FieldOf(string? method) =>
        method switch
        {
            "tools/call" or "prompts/get" => "name"u8,
            "resources/read" => "uri"u8,
            "tasks/get" or "tasks/update" or "tasks/cancel" => "taskId"u8,
            _ => [],
        };
}
