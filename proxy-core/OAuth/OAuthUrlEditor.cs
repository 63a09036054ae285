using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.OAuth;

/// <summary>Translates the URLs in a JSON text of OAuth, and learns from it where the server has its endpoints.</summary>
/// <param name="paths">Learns the endpoints.</param>
/// <param name="resources">Learns what the server calls itself.</param>
/// <param name="isDocument">
/// Whether it is a metadata document, in which every URL is the server's own matter. The answers of endpoints repeat what clients said, such
/// as their redirect URIs; there only certain members are.
/// </param>
internal sealed class OAuthUrlEditor(OAuthPaths paths, ResourceNames resources, bool isDocument) : IMessageRule
{
    // RFC 7592 section 3, RFC 8628 section 3.2
    private static readonly string[] s_answered = ["registration_client_uri", "verification_uri", "verification_uri_complete"];

    public bool MayApply(ExchangeScope exchange) => true;

    public void Edit(ReadOnlySpan<byte> message, ExchangeScope exchange, JsonEdits edits)
    {
        var urls = PublicUrls.Of(exchange);
        var reader = new Utf8JsonReader(message);
        var member = string.Empty;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                member = reader.GetString()!;
            }
            else if (reader.TokenType == JsonTokenType.String && (isDocument || s_answered.Contains(member, StringComparer.Ordinal)))
            {
                var url = reader.GetString()!;
                Learn(member, url, urls, exchange);
                if (urls.Translate(url) is { } translated)
                {
                    Replace(ref reader, url, translated, edits);
                }
            }
        }
    }

    private void Learn(string member, string url, PublicUrls urls, ExchangeScope exchange)
    {
        if (member == "resource" && urls.Translate(url) is not null)
        {
            resources.Add(exchange.UpstreamOrigin, url);
        }
        else if (IsEndpoint(member) && urls.PathOf(url) is { } path)
        {
            paths.AddEndpoint(path);
        }
    }

    private static bool IsEndpoint(string member) =>
        member.EndsWith("_endpoint", StringComparison.Ordinal)
        || member == "jwks_uri"
        || s_answered.Contains(member, StringComparer.Ordinal);

    private static void Replace(ref Utf8JsonReader reader, string url, string translated, JsonEdits edits)
    {
        // Behind the quote.
        var start = (int)reader.TokenStartIndex + 1;
        if (reader.ValueIsEscaped)
        {
            var text = JsonEncodedText.Encode(translated, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
            edits.Replace(start, reader.ValueSpan.Length, text.EncodedUtf8Bytes.ToArray());
            return;
        }

        // What both end with stays where it is.
        var same = SameEnd(url, translated);
        var changed = Encoding.UTF8.GetByteCount(url.AsSpan(0, url.Length - same));
        edits.Replace(start, changed, Encoding.UTF8.GetBytes(translated[..^same]));
    }

    private static int SameEnd(string one, string other)
    {
        var same = 0;
        while (same < one.Length && same < other.Length && one[^(same + 1)] == other[^(same + 1)])
        {
            same++;
        }

        return same;
    }
}
