using System.Text.RegularExpressions;

namespace Tunnel.ProxyCore.Exchanges;

/// <summary>
/// The message of an error without what differs from call to call, so that the same mistake counts as one and values of callers are not kept:
/// <c>unknown city 'Oslo' (request 4711)</c> becomes <c>unknown city &lt;text&gt; (request &lt;n&gt;)</c>.
/// </summary>
public static partial class ErrorPattern
{
    /// <summary>Enough to tell errors apart; servers put whole stack traces into messages.</summary>
    private const int MaxLength = 200;

    /// <summary>What is looked at; patterns only get shorter from the front.</summary>
    private const int MaxInput = 1024;

    /// <returns>Null of nothing.</returns>
    public static string? Of(string? message)
    {
        if (string.IsNullOrWhiteSpace(message))
        {
            return null;
        }

        try
        {
            var text = message.Length > MaxInput ? message[..MaxInput] : message;
            text = Values().Replace(text, static value => PlaceholderOf(value)).Trim();
            return text.Length > MaxLength ? text[..MaxLength] + "…" : text;
        }
        catch (RegexMatchTimeoutException)
        {
            // Whoever writes such a message does without it.
            return null;
        }
    }

    private static string PlaceholderOf(Match value) =>
        value.Groups["text"].Success ? "<text>"
        : value.Groups["url"].Success ? "<url>"
        : value.Groups["mail"].Success ? "<mail>"
        : value.Groups["path"].Success ? "<path>"
        : value.Groups["id"].Success ? "<id>"
        : value.Groups["space"].Success ? " "
        : "<n>";

    // A quotation that the end of the message cuts off counts too, and an apostrophe inside a word does not begin one.
    [GeneratedRegex(
        """
            (?<text>"[^"]*("|$)|`[^`]*(`|$)|“[^”]*(”|$)|(?<!\w)'[^']*('(?!\w)|$))
            |(?<url>\b[a-z][a-z0-9+.-]*://\S+)
            |(?<mail>[\w.+-]+@[\w-]+\.[\w.-]+)
            |(?<path>(?<![\w<])([A-Za-z]:\\|/)[\w.-]+([/\\][\w.-]+)+)
            |(?<id>\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=\w*[0-9])(?=\w*[A-Za-z_])\w{8,}\b)
            |(?<n>(?<![\w])-?[0-9]+([.,:][0-9]+)*)
            |(?<space>\s+)
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Values();
}
