using System.Text;
using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Servers.Offers;

/// <summary>
/// The header in which clients of the revision of 2026-07-28 repeat <c>params.name</c> or <c>params.uri</c>: plain, or
/// <c>=?base64?…?=</c> of its UTF-8 where plain text would not survive. Servers refuse a request where the two differ.
/// </summary>
internal static class MirroredName
{
    public const string Header = "Mcp-Name";

    private const string Start = "=?base64?";
    private const string End = "?=";

    /// <summary>Lets the header say what the message says now. One that said something else before is left for the server to refuse.</summary>
    public static void Follow(IHeaderDictionary headers, string shown, string own)
    {
        if (headers.TryGetValue(Header, out var value) && Decode(value.ToString()) == shown)
        {
            headers[Header] = Encode(own);
        }
    }

    public static string? Decode(string value)
    {
        if (!IsEncoded(value))
        {
            return value;
        }

        var base64 = value[Start.Length..^End.Length];
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    public static string Encode(string name) => IsPlain(name) ? name : Start + Convert.ToBase64String(Encoding.UTF8.GetBytes(name)) + End;

    private static bool IsPlain(string name) =>
        name.Length > 0 && name == name.Trim(' ') && !IsEncoded(name) && name.All(character => character is >= ' ' and <= '~');

    private static bool IsEncoded(string value) =>
        value.Length >= Start.Length + End.Length
        && value.StartsWith(Start, StringComparison.Ordinal)
        && value.EndsWith(End, StringComparison.Ordinal);
}
