using System.Text;
using System.Text.Json;

namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>Texts and ids out of a message, as far as they can be read.</summary>
internal static class JsonRpcText
{
    /// <summary>An id as the JSON text that came, or null where it is none.</summary>
    public static string? Id(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
            // ValueSpan is the escaped text between the quotes, so quoting it again gives what came.
            JsonTokenType.String => $"\"{Encoding.UTF8.GetString(reader.ValueSpan)}\"",
            _ => null,
        };

    /// <summary>A string, or null where it is none.</summary>
    public static string? Of(ref Utf8JsonReader reader)
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
}
