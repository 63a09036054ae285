using System.Buffers;
using System.Text;

namespace Tunnel.ProxyCore.OAuth;

/// <summary>
/// Parameters of a challenge (RFC 9110 section 11.6.1), such as the one that tells a client where a server's metadata is (RFC 9728 section 5.1):
/// <c>Bearer realm="mcp", resource_metadata="http://localhost:9000/.well-known/oauth-protected-resource/mcp"</c>.
/// </summary>
internal static class ChallengeParameter
{
    public const string ResourceMetadata = "resource_metadata";

    private static readonly SearchValues<char> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    );

    /// <returns>The value of the first parameter of a name, without its quotes; null where there is none.</returns>
    public static string? Find(string challenges, string name)
    {
        string? found = null;
        Replace(
            challenges,
            name,
            value =>
            {
                found ??= value;
                return null;
            }
        );
        return found;
    }

    /// <param name="challenges">The value of one WWW-Authenticate header.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="replace">Gives the other value, or null where it stays.</param>
    /// <returns>The challenges with the value replaced; everything else as it was.</returns>
    public static string Replace(string challenges, string name, Func<string, string?> replace)
    {
        var output = new StringBuilder(challenges.Length);
        var at = 0;
        while (at < challenges.Length)
        {
            var token = TokenLength(challenges, at);
            var isParameter = challenges.AsSpan(at, token).Equals(name, StringComparison.OrdinalIgnoreCase);
            var piece =
                token > 0 ? token
                : challenges[at] == '"' ? QuotedLength(challenges, at)
                : 1;
            output.Append(challenges, at, piece);
            at += piece;
            if (isParameter)
            {
                at = TakeValue(challenges, at, replace, output);
            }
        }

        return output.ToString();
    }

    /// <summary>Copies <c>="…"</c> with another URL in it.</summary>
    private static int TakeValue(string text, int at, Func<string, string?> replace, StringBuilder output)
    {
        var start = at;
        at += SpaceLength(text, at);
        if (at == text.Length || text[at] != '=')
        {
            return start;
        }

        at++;
        at += SpaceLength(text, at);
        output.Append(text, start, at - start);
        var isQuoted = at < text.Length && text[at] == '"';
        var written = text.Substring(at, isQuoted ? QuotedLength(text, at) : BareLength(text, at));
        var url = isQuoted ? Unquote(written) : written;
        output.Append(
            replace(url) is not { } other ? written
            : isQuoted ? $"\"{other}\""
            : other
        );
        return at + written.Length;
    }

    private static int TokenLength(string text, int at)
    {
        var length = text.AsSpan(at).IndexOfAnyExcept(s_token);
        return length < 0 ? text.Length - at : length;
    }

    private static int SpaceLength(string text, int at)
    {
        var length = text.AsSpan(at).IndexOfAnyExcept(' ', '\t');
        return length < 0 ? text.Length - at : length;
    }

    // A URL without quotes is against the grammar and happens.
    private static int BareLength(string text, int at)
    {
        var length = text.AsSpan(at).IndexOfAny(", \t");
        return length < 0 ? text.Length - at : length;
    }

    private static int QuotedLength(string text, int at)
    {
        for (var end = at + 1; end < text.Length; end++)
        {
            if (text[end] == '\\')
            {
                end++;
            }
            else if (text[end] == '"')
            {
                return end + 1 - at;
            }
        }

        return text.Length - at;
    }

    private static string Unquote(string quoted)
    {
        var text = quoted.Trim('"');
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i]);
        }

        return plain.ToString();
    }
}
